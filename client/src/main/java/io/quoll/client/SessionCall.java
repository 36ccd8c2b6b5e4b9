package io.quoll.client;

import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request of a session, from the moment it is made until its future is completed. Its number
 * among the session's writes it gets when it is first sent.
 *
 * <p>Confined to the session's lane once it is submitted.
 */
final class SessionCall<T extends @Nullable Object> {
  private final SessionRequest.Builder request;
  private final boolean isWrite;
  private final Function<SessionReply, T> answer;
  private final BiConsumer<SessionReply, WatchTables> effect;
  private final boolean isOfStream;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final int bytes;
  private long deadlineNanos = Long.MAX_VALUE;
  private boolean mayBeApplied;

  private SessionCall(
      SessionRequest.Builder request,
      boolean isWrite,
      boolean isOfStream,
      Function<SessionReply, T> answer,
      BiConsumer<SessionReply, WatchTables> effect) {
    this.request = request;
    this.isWrite = isWrite;
    this.isOfStream = isOfStream;
    this.answer = answer;
    this.effect = effect;
    this.bytes = request.build().getSerializedSize();
  }

  /** A request that changes nothing in the tree. */
  static <T extends @Nullable Object> SessionCall<T> of(
      SessionRequest.Builder request, Function<SessionReply, T> answer) {
    return new SessionCall<>(request, false, false, answer, (reply, watches) -> {});
  }

  /** A request that is numbered among the session's writes. */
  static <T extends @Nullable Object> SessionCall<T> ofWrite(
      SessionRequest.Builder request, Function<SessionReply, T> answer) {
    return new SessionCall<>(request, true, false, answer, (reply, watches) -> {});
  }

  /** A request that means something to one stream only, and is not sent again on another. */
  static SessionCall<SessionReply> ofStream(SessionRequest.Builder request) {
    return new SessionCall<>(request, false, true, Function.identity(), (reply, watches) -> {});
  }

  /** This request, with an effect on the watches before its future is completed. */
  SessionCall<T> withEffect(BiConsumer<SessionReply, WatchTables> wanted) {
    return new SessionCall<>(request, isWrite, isOfStream, answer, wanted);
  }

  CompletableFuture<T> result() {
    return result;
  }

  boolean isWrite() {
    return isWrite;
  }

  boolean isOfStream() {
    return isOfStream;
  }

  int bytes() {
    return bytes;
  }

  boolean addsWatchOn(String treePath) {
    return switch (request.getRequestCase()) {
      case ADD_WATCH -> request.getAddWatch().getPath().equals(treePath);
      case GET_DATA ->
          request.getGetData().getWatch() && request.getGetData().getPath().equals(treePath);
      case EXISTS ->
          request.getExists().getWatch() && request.getExists().getPath().equals(treePath);
      case GET_CHILDREN ->
          request.getGetChildren().getWatch()
              && request.getGetChildren().getPath().equals(treePath);
      default -> false;
    };
  }

  /** Gives up waiting at this time, where nothing is lost by it. */
  void expireAt(long nanos) {
    deadlineNanos = nanos;
  }

  long deadlineNanos() {
    return isNumbered() ? Long.MAX_VALUE : deadlineNanos;
  }

  boolean isNumbered() {
    return request.getCxid() != 0;
  }

  long cxid() {
    return request.getCxid();
  }

  void number(long cxid) {
    request.setCxid(cxid);
  }

  long xid() {
    return request.getXid();
  }

  /** The request as it goes out now, under this number. */
  SessionRequest send(long xid) {
    mayBeApplied = isWrite;
    return request.setXid(xid).build();
  }

  /** No server has taken the write, nor will one before it is sent again. */
  void untaken() {
    mayBeApplied = false;
  }

  void complete(SessionReply reply, WatchTables watches) {
    T value;
    try {
      effect.accept(reply, watches);
      value = answer.apply(reply);
    } catch (RuntimeException unreadable) {
      result.completeExceptionally(
          new QuollException(
              ErrorCode.UNKNOWN,
              null,
              isWrite ? Applied.YES : Applied.NO,
              "unreadable reply: " + unreadable.getMessage(),
              unreadable));
      return;
    }
    result.complete(value);
  }

  void fail(QuollException exception) {
    result.completeExceptionally(exception);
  }

  /** Fails because no answer will come any more. */
  void end(ErrorCode code, String message, @Nullable Throwable cause) {
    Applied applied = mayBeApplied ? Applied.UNKNOWN : Applied.NO;
    fail(new QuollException(code, null, applied, message, cause));
  }

  /** Fails because the session is over, for this reason if there is one. */
  void end(SessionState last, @Nullable QuollException reason) {
    if (last == SessionState.EXPIRED) {
      String why = reason == null ? "" : ": " + reason.getMessage();
      end(ErrorCode.SESSION_EXPIRED, "the session is over" + why, reason);
    } else if (last == SessionState.AUTH_FAILED && reason != null) {
      end(reason.code(), String.valueOf(reason.getMessage()), reason);
    } else if (last == SessionState.AUTH_FAILED) {
      end(ErrorCode.AUTH_FAILED, "the session is over, its credentials were refused", null);
    } else {
      end(ErrorCode.CLOSED, "the session was closed", reason);
    }
  }
}
