package io.quoll.server.grpc;

import com.google.common.base.Strings;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.SessionError;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.state.Rejection;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells failures to clients, as {@code common.proto} says: a google.rpc.Status that holds an
 * ErrorInfo and, where the call may be tried again as it is, a RetryInfo. Thread-safe.
 */
final class Rejections {
  /** The domain of every ErrorInfo. */
  static final String DOMAIN = "quoll.v1";

  /**
   * The most bytes of a message or a path. A longer one would not fit into the 8 KiB that gRPC
   * clients take as trailers, and the whole error would be lost on them.
   */
  static final int TEXT_BYTES_MAX = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Rejections.class);
  private static final String REASON_PREFIX = "ERROR_CODE_";

  private final Consensus consensus;

  Rejections(Consensus consensus) {
    this.consensus = consensus;
  }

  /** What the client of a write is told of {@code failure}. */
  StatusRuntimeException ofWrite(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof Rejection rejection) {
      return rejected(rejection, Applied.NO);
    }
    if (cause instanceof UnavailableException unavailable) {
      return unavailable(unavailable, unavailable.applied());
    }
    return defect(cause, Applied.UNKNOWN);
  }

  /** What the client of a read is told of {@code failure}. */
  StatusRuntimeException ofRead(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof Rejection rejection) {
      return rejected(rejection, null);
    }
    if (cause instanceof UnavailableException unavailable) {
      return unavailable(unavailable, null);
    }
    return defect(cause, null);
  }

  /** What the client of a session is told, on its stream, of the failure of one request. */
  SessionError inSession(Throwable failure, boolean ofWrite) {
    Throwable cause = unwrap(failure);
    if (cause instanceof Rejection rejection) {
      return error(code(rejection.code()), rejection.detail())
          .setPath(shortened(rejection.path()))
          .setApplied(ofWrite ? applied(rejection.code()) : SessionError.Applied.NONE)
          .build();
    }
    if (cause instanceof UnavailableException unavailable) {
      return error(code(unavailable.reason()), Strings.nullToEmpty(unavailable.getMessage()))
          .setRetryAfterMillis((int) Math.min(Integer.MAX_VALUE, retryMillis(unavailable)))
          .build();
    }
    return error(ErrorCode.ERROR_CODE_SYSTEM_ERROR, toldOf(cause)).build();
  }

  private static SessionError.Builder error(ErrorCode code, String message) {
    return SessionError.newBuilder().setCode(code).setMessage(shortened(message));
  }

  private static SessionError.Applied applied(io.quoll.statemachine.state.ErrorCode code) {
    return wasApplied(code) ? SessionError.Applied.YES : SessionError.Applied.NO;
  }

  private static boolean wasApplied(io.quoll.statemachine.state.ErrorCode code) {
    return code == io.quoll.statemachine.state.ErrorCode.REPLY_TRIMMED;
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? unwrap(cause) : failure;
  }

  private StatusRuntimeException rejected(Rejection rejection, @Nullable Applied applied) {
    ErrorInfo.Builder info = info(code(rejection.code()), applied);
    if (applied != null && wasApplied(rejection.code())) {
      info.putMetadata("applied", "YES");
    }
    if (!rejection.path().isEmpty()) {
      info.putMetadata("path", shortened(rejection.path()));
    }
    return failed(grpcCode(rejection.code()), rejection.detail(), info, null);
  }

  private StatusRuntimeException unavailable(
      UnavailableException unavailable, @Nullable Applied applied) {
    ErrorInfo.Builder info = info(code(unavailable.reason()), applied);
    leaderAddress(info);
    Code grpcCode =
        unavailable.reason() == Reason.OVERLOADED ? Code.RESOURCE_EXHAUSTED : Code.UNAVAILABLE;
    RetryInfo retry = applied == Applied.UNKNOWN ? null : retryAfter(unavailable);
    return failed(grpcCode, Strings.nullToEmpty(unavailable.getMessage()), info, retry);
  }

  private StatusRuntimeException defect(Throwable cause, @Nullable Applied applied) {
    return failed(
        Code.INTERNAL, toldOf(cause), info(ErrorCode.ERROR_CODE_SYSTEM_ERROR, applied), null);
  }

  private static String toldOf(Throwable defect) {
    String id = UUID.randomUUID().toString().substring(0, 8);
    LOG.error("A request failed on a defect, told to its client as {}", id, defect);
    return "The server failed on a defect; its log tells more under the id " + id;
  }

  private ErrorInfo.Builder info(ErrorCode code, @Nullable Applied applied) {
    Consensus.Standing standing = consensus.standing();
    ErrorInfo.Builder info =
        ErrorInfo.newBuilder()
            .setDomain(DOMAIN)
            .setReason(code.name().substring(REASON_PREFIX.length()))
            .putMetadata("code", Integer.toString(code.getNumber()))
            .putMetadata("zxid", Long.toString(standing.zxid()))
            .putMetadata("server", Integer.toString(standing.serverId()));
    if (applied != null) {
      info.putMetadata("applied", applied.name());
    }
    return info;
  }

  // Whatever keeps this server from serving, the leader may be free of it.
  private void leaderAddress(ErrorInfo.Builder info) {
    Consensus.Standing standing = consensus.standing();
    for (Consensus.Member member : consensus.members()) {
      if (member.serverId() == standing.leaderId()
          && member.serverId() != standing.serverId()
          && !member.clientAddress().isEmpty()) {
        info.putMetadata("leader", member.clientAddress());
      }
    }
  }

  private static RetryInfo retryAfter(UnavailableException unavailable) {
    long millis = retryMillis(unavailable);
    Duration delay =
        Duration.newBuilder()
            .setSeconds(millis / 1000)
            .setNanos((int) (millis % 1000) * 1_000_000)
            .build();
    return RetryInfo.newBuilder().setRetryDelay(delay).build();
  }

  private static long retryMillis(UnavailableException unavailable) {
    return unavailable.retryAfterMillis().orElse(retryMillis(unavailable.reason()));
  }

  private static int retryMillis(Reason reason) {
    return switch (reason) {
      case OVERLOADED, BEHIND -> 100;
      case NO_QUORUM -> 500;
      case NOT_SERVING -> 900;
    };
  }

  private static StatusRuntimeException failed(
      Code code, String message, ErrorInfo.Builder info, @Nullable RetryInfo retry) {
    Status.Builder status =
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(shortened(message))
            .addDetails(Any.pack(info.build()));
    if (retry != null) {
      status.addDetails(Any.pack(retry));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /** {@code text} cut off after {@link #TEXT_BYTES_MAX}, with an ellipsis. */
  static String shortened(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int point = text.codePointAt(i);
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > TEXT_BYTES_MAX) {
        return text.substring(0, i) + "…";
      }
    }
    return text;
  }

  /** The contract's code for {@code code}. */
  static ErrorCode code(io.quoll.statemachine.state.ErrorCode code) {
    return ErrorCode.valueOf(REASON_PREFIX + code.name());
  }

  private static ErrorCode code(Reason reason) {
    return ErrorCode.valueOf(REASON_PREFIX + reason.name());
  }

  private static Code grpcCode(io.quoll.statemachine.state.ErrorCode code) {
    return switch (code) {
      case BAD_ARGUMENTS, INVALID_ACL, LIMIT_EXCEEDED -> Code.INVALID_ARGUMENT;
      case NO_NODE, NO_WATCHER -> Code.NOT_FOUND;
      case NODE_EXISTS -> Code.ALREADY_EXISTS;
      case BAD_VERSION,
          NEW_CONFIG_NO_QUORUM,
          NOT_EMPTY,
          NO_CHILDREN_FOR_EPHEMERALS,
          SESSION_EXPIRED,
          SESSION_MOVED,
          REPLY_TRIMMED ->
          Code.FAILED_PRECONDITION;
      case REPLIES_FULL, QUOTA_EXCEEDED -> Code.RESOURCE_EXHAUSTED;
      case NO_AUTH -> Code.PERMISSION_DENIED;
      case AUTH_FAILED, AUTH_REQUIRED -> Code.UNAUTHENTICATED;
      case CXID_GAP, RECONFIG_IN_PROGRESS -> Code.ABORTED;
      case OK, RUNTIME_INCONSISTENCY -> Code.INTERNAL; // Of parts of a multi only, never of a call.
    };
  }
}
