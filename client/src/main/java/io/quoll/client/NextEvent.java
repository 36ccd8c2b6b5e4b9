package io.quoll.client;

import java.util.concurrent.CompletableFuture;

/**
 * A handler that turns the event of a one-shot watch into a future:
 *
 * <pre>{@code
 * NextEvent next = new NextEvent();
 * ZnodeData now = session.data("/config", next);
 * next.event().thenAccept(event -> ...);
 * }</pre>
 *
 * <p>The future is completed on the session's executor. It fails with {@code SESSION_EXPIRED} or
 * {@code CLOSED} if the session ends before, and with {@code NO_WATCHER} if the watch is removed.
 *
 * <p>Thread-safe.
 */
public final class NextEvent implements WatchHandler {
  private final CompletableFuture<WatchEvent> event = new CompletableFuture<>();

  /** The first event that is told. */
  public CompletableFuture<WatchEvent> event() {
    return event;
  }

  @Override
  public void onEvent(WatchEvent told) {
    event.complete(told);
  }

  @Override
  public void onState(SessionState state) {
    switch (state) {
      case EXPIRED -> fail(ErrorCode.SESSION_EXPIRED, "the session expired");
      case AUTH_FAILED ->
          fail(ErrorCode.AUTH_FAILED, "the credentials of the session were refused");
      case CLOSED -> fail(ErrorCode.CLOSED, "the session was closed");
      case CONNECTING, CONNECTED, DISCONNECTED -> {}
    }
  }

  @Override
  public void onRemoved(String path, WatchKind kind) {
    fail(ErrorCode.NO_WATCHER, "the watch on " + path + " was removed");
  }

  private void fail(ErrorCode code, String message) {
    event.completeExceptionally(new QuollException(code, null, Applied.NO, message, null));
  }
}
