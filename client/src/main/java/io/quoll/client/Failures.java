package io.quoll.client;

import com.google.common.primitives.Longs;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.quoll.client.Failure.Next;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the failures of gRPC mean: whether the call took effect, and whether it may be tried again.
 *
 * <p>Thread-safe.
 */
final class Failures {
  private static final String DOMAIN = "quoll.v1";

  /** The pause before a read that lost its connection is asked again. */
  private static final long LOST_PAUSE_MILLIS = 10;

  private final Chroot chroot;
  private final SeenZxid seen;

  Failures(Chroot chroot, SeenZxid seen) {
    this.chroot = chroot;
    this.seen = seen;
  }

  /**
   * Judges a failed attempt.
   *
   * @param isWrite whether the call may have changed the tree
   * @param isSent whether the request reached the wire
   */
  Failure judge(Throwable thrown, boolean isWrite, boolean isSent, ServerAddress server) {
    com.google.rpc.Status told = StatusProto.fromThrowable(thrown);
    Optional<ErrorInfo> info =
        told == null
            ? Optional.empty()
            : detail(told, ErrorInfo.class).filter(found -> found.getDomain().equals(DOMAIN));
    if (told != null && info.isPresent()) {
      return told(told, info.get(), isWrite, thrown);
    }
    return untold(Status.fromThrowable(thrown), isWrite, isSent, server, thrown);
  }

  /** What the server itself said. */
  private Failure told(
      com.google.rpc.Status status, ErrorInfo info, boolean isWrite, Throwable thrown) {
    @Nullable Long zxid = Longs.tryParse(info.getMetadataOrDefault("zxid", "0"));
    seen.see(zxid == null ? 0 : zxid);
    ErrorCode code = ErrorCode.ofReason(info.getReason());
    String treePath = info.getMetadataOrDefault("path", "");
    Applied applied =
        isWrite ? appliedOf(info.getMetadataOrDefault("applied", "UNKNOWN")) : Applied.NO;
    QuollException exception =
        new QuollException(
            code,
            treePath.isEmpty() ? null : chroot.fromTree(treePath),
            applied,
            chroot.inMessage(status.getMessage(), treePath),
            thrown);
    Optional<RetryInfo> retry = detail(status, RetryInfo.class);
    if (retry.isEmpty() || applied != Applied.NO) {
      return new Failure(exception, Next.FAIL, 0);
    }
    Next next = code == ErrorCode.OVERLOADED ? Next.TRY_AGAIN : Next.TRY_NEXT;
    return new Failure(exception, next, delayMillis(retry.get()));
  }

  /** What gRPC said because no server did. */
  private static Failure untold(
      Status status, boolean isWrite, boolean isSent, ServerAddress server, Throwable thrown) {
    boolean mayRepeat = !isWrite || !isSent;
    Applied applied = mayRepeat ? Applied.NO : Applied.UNKNOWN;
    String why = server + ": " + rootCause(status);
    return switch (status.getCode()) {
      // A server that stops at once cancels what is under way.
      case UNAVAILABLE, CANCELLED -> disconnected(mayRepeat, isSent, applied, why, thrown);
      case DEADLINE_EXCEEDED -> late(mayRepeat, isSent, applied, server, thrown);
      // Larger than gRPC takes: refused before anybody looked at it.
      case RESOURCE_EXHAUSTED ->
          new Failure(failed(ErrorCode.LIMIT_EXCEEDED, Applied.NO, why, thrown), Next.FAIL, 0);
      case UNIMPLEMENTED ->
          new Failure(failed(ErrorCode.UNKNOWN, Applied.NO, why, thrown), Next.FAIL, 0);
      default -> new Failure(failed(ErrorCode.UNKNOWN, applied, why, thrown), Next.FAIL, 0);
    };
  }

  private static Failure late(
      boolean mayRepeat, boolean isSent, Applied applied, ServerAddress server, Throwable thrown) {
    ErrorCode code = isSent ? ErrorCode.TIMED_OUT : ErrorCode.UNREACHABLE;
    String why = isSent ? "no answer in time from " + server : server + ": no connection in time";
    Next next = mayRepeat ? Next.TRY_NEXT : Next.FAIL_AND_LEAVE;
    return new Failure(failed(code, applied, why, thrown), next, 0);
  }

  private static Failure disconnected(
      boolean mayRepeat, boolean isSent, Applied applied, String why, Throwable thrown) {
    if (!isSent) {
      return new Failure(failed(ErrorCode.UNREACHABLE, applied, why, thrown), Next.TRY_NEXT, 0);
    }
    return new Failure(
        failed(ErrorCode.CONNECTION_LOST, applied, "connection lost to " + why, thrown),
        mayRepeat ? Next.TRY_NEXT : Next.FAIL_AND_LEAVE,
        LOST_PAUSE_MILLIS);
  }

  private static QuollException failed(
      ErrorCode code, Applied applied, String message, Throwable thrown) {
    return new QuollException(code, null, applied, message, thrown);
  }

  private static String rootCause(Status status) {
    Throwable cause = status.getCause();
    Optional<String> ofTls = TlsFailure.explain(cause == null ? status.asException() : cause);
    if (ofTls.isPresent()) {
      return ofTls.get();
    }
    if (cause == null) {
      return status.getCode()
          + (status.getDescription() == null ? "" : " " + status.getDescription());
    }
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static Applied appliedOf(String text) {
    return switch (text) {
      case "YES" -> Applied.YES;
      case "NO" -> Applied.NO;
      default -> Applied.UNKNOWN;
    };
  }

  private static long delayMillis(RetryInfo retry) {
    return retry.getRetryDelay().getSeconds() * 1000 + retry.getRetryDelay().getNanos() / 1_000_000;
  }

  private static <M extends com.google.protobuf.Message> Optional<M> detail(
      com.google.rpc.Status status, Class<M> type) {
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return Optional.of(any.unpack(type));
        } catch (InvalidProtocolBufferException garbled) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
