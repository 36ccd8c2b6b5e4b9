package io.quoll.client.fake;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.ResponseHeader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** How a fake server answers: as it should, or as a test wants it to. Thread-safe. */
final class Replies {
  private final FakeTree tree;
  private final int serverId;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong lastMinZxid = new AtomicLong();
  private volatile boolean mute;
  private volatile String refusal = "";

  Replies(FakeTree tree, int serverId) {
    this.tree = tree;
    this.serverId = serverId;
  }

  void mute() {
    mute = true;
  }

  void unmute() {
    mute = false;
  }

  void refuse(String reason) {
    refusal = reason;
  }

  boolean isMute() {
    return mute;
  }

  String refusal() {
    return refusal;
  }

  /** The end of a stream for this reason. */
  StatusRuntimeException refusal(String reason) {
    return error(Status.Code.UNAVAILABLE, reason, "", reason, false, false);
  }

  int asked() {
    return asked.get();
  }

  long lastMinZxid() {
    return lastMinZxid.get();
  }

  ResponseHeader header() {
    return ResponseHeader.newBuilder()
        .setClusterId("fake")
        .setServerId(serverId)
        .setTerm(1)
        .setZxid(tree.zxid())
        .build();
  }

  <T> void answerRead(StreamObserver<T> observer, RequestContext context, Supplier<T> work) {
    lastMinZxid.set(context.getMinZxid());
    answer(observer, false, work);
  }

  <T> void answer(StreamObserver<T> observer, boolean isWrite, Supplier<T> work) {
    asked.incrementAndGet();
    if (mute) {
      return;
    }
    if (!refusal.isEmpty()) {
      observer.onError(error(Status.Code.UNAVAILABLE, refusal, "", "refused", isWrite, true));
      return;
    }
    T reply;
    try {
      reply = work.get();
    } catch (FakeRejection rejection) {
      observer.onError(error(rejection, isWrite));
      return;
    }
    observer.onNext(reply);
    observer.onCompleted();
  }

  private StatusRuntimeException error(FakeRejection rejection, boolean isWrite) {
    Status.Code code =
        switch (rejection.code()) {
          case ERROR_CODE_NO_NODE -> Status.Code.NOT_FOUND;
          case ERROR_CODE_NODE_EXISTS -> Status.Code.ALREADY_EXISTS;
          case ERROR_CODE_BAD_ARGUMENTS, ERROR_CODE_LIMIT_EXCEEDED, ERROR_CODE_INVALID_ACL ->
              Status.Code.INVALID_ARGUMENT;
          case ERROR_CODE_NO_AUTH -> Status.Code.PERMISSION_DENIED;
          default -> Status.Code.FAILED_PRECONDITION;
        };
    String message = String.valueOf(rejection.getMessage());
    return error(code, rejection.reason(), rejection.path(), message, isWrite, false);
  }

  private StatusRuntimeException error(
      Status.Code code,
      String reason,
      String path,
      String message,
      boolean isWrite,
      boolean mayRetry) {
    ErrorInfo.Builder info =
        ErrorInfo.newBuilder()
            .setDomain("quoll.v1")
            .setReason(reason)
            .putMetadata("path", path)
            .putMetadata("zxid", Long.toString(tree.zxid()))
            .putMetadata("server", Integer.toString(serverId));
    if (isWrite) {
      info.putMetadata("applied", "NO");
    }
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(message)
            .addDetails(Any.pack(info.build()));
    if (mayRetry) {
      Duration delay = Duration.newBuilder().setNanos(1_000_000).build();
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
