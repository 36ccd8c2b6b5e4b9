package io.quoll.client;

import io.quoll.api.v1.AddAuthRequest;
import io.quoll.api.v1.CheckWatchesRequest;
import io.quoll.api.v1.CloseSessionRequest;
import io.quoll.api.v1.SessionRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session as callers reach it from any thread: what they ask for is carried to the session's
 * lane, as much at once as has come together.
 *
 * <p>Thread-safe.
 */
final class LiveSession {
  private final SessionOptions options;
  private final QuollRuntime runtime;
  private final Lane lane;
  private final HandlerQueue handlers;
  private final RequestInbox inbox = new RequestInbox();
  private final AtomicBoolean isAwake = new AtomicBoolean();
  private final RequestLine line = new RequestLine();
  private final SessionWatching watching;
  private final Keyring keyring;
  private final SessionKeeper keeper;
  private final Set<TreeWatch> treeWatches = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
  private final Runnable abandon = this::abandon;
  private boolean isExpiryScheduled; // Confined to the lane.

  LiveSession(SessionOptions options, QuollRuntime runtime) {
    this.options = options;
    this.runtime = runtime;
    this.lane = runtime.nextLane();
    options.tls().ifPresent(lane::prepare);
    this.handlers =
        new HandlerQueue(runtime.handlers(), () -> lane.execute(this::handlersCaughtUp));
    this.keyring = new Keyring(options.credentials());
    this.watching = new SessionWatching(handlers, new Chroot(options.chroot()));
    this.keeper = new SessionKeeper(options, lane, line, watching, keyring, this::ended);
  }

  void start() {
    lane.execute(keeper::connect);
    runtime.add(abandon);
  }

  SessionKeeper keeper() {
    return keeper;
  }

  Executor handlerExecutor() {
    return handlers;
  }

  boolean isOnEventLoop() {
    return lane.isCurrent();
  }

  void addStateListener(Consumer<SessionState> listener) {
    lane.execute(() -> watching.addStateListener(listener, keeper.state()));
  }

  <T extends @Nullable Object> CompletableFuture<T> submit(SessionCall<T> call) {
    call.expireAt(System.nanoTime() + options.requestTimeout().toNanos());
    boolean isToWake = inbox.offer(call) && isAwake.compareAndSet(false, true);
    if (isToWake && !lane.isTaken(this::takeRequests)) {
      call.end(ErrorCode.CLOSED, "the runtime was closed", null);
      isAwake.set(false);
    }
    return call.result();
  }

  private void takeRequests() {
    isAwake.set(false);
    enqueueRequests();
    keeper.pump();
  }

  private void enqueueRequests() {
    for (SessionCall<?> call = inbox.poll(); call != null; call = inbox.poll()) {
      if (keeper.state().isFinal()) {
        call.end(keeper.state(), null);
      } else {
        line.add(call);
        scheduleExpiry(options.requestTimeout().toNanos());
      }
    }
  }

  private void scheduleExpiry(long delayNanos) {
    if (!isExpiryScheduled) {
      isExpiryScheduled = true;
      var unused = lane.schedule(this::expireRequests, delayNanos);
    }
  }

  private void expireRequests() {
    isExpiryScheduled = false;
    long now = System.nanoTime();
    String message = "no answer within " + options.requestTimeout();
    long next = line.expire(now, call -> call.fail(timedOut(message)));
    if (next != Long.MAX_VALUE) {
      scheduleExpiry(next - now);
    }
  }

  private QuollException timedOut(String message) {
    return new QuollException(
        ErrorCode.TIMED_OUT, null, Applied.NO, message, keeper.lastFailure().orElse(null));
  }

  /** Shows the credentials now, and once they are taken with each stream that begins later. */
  CompletableFuture<@Nullable Void> addAuth(Credentials credentials) {
    if (!keyring.hasRoom(credentials)) {
      return CompletableFuture.failedFuture(Keyring.full());
    }
    AddAuthRequest.Builder add =
        AddAuthRequest.newBuilder()
            .setScheme(Credentials.DIGEST)
            .setCredentials(credentials.userAndPassword());
    SessionCall<@Nullable Void> call =
        SessionCall.of(SessionRequest.newBuilder().setAddAuth(add), reply -> null);
    return submit(call.withEffect((reply, watches) -> keyring.add(credentials)));
  }

  CompletableFuture<Boolean> checkWatches(String treePath, WatchKind kind) {
    CheckWatchesRequest.Builder check =
        CheckWatchesRequest.newBuilder().setPath(treePath).setKind(SessionAnswers.kind(kind));
    return submit(SessionCall.of(SessionRequest.newBuilder().setCheckWatches(check), reply -> true))
        .exceptionally(
            failed -> {
              QuollException exception = QuollException.in(failed);
              if (exception.code() == ErrorCode.NO_WATCHER) {
                return false;
              }
              throw exception;
            });
  }

  CompletableFuture<@Nullable Void> removeWatches(String treePath, WatchKind kind) {
    return submit(new WatchRemoval(treePath, kind, watching).onceAnswered());
  }

  /**
   * Removes one handler's watches. The server knows no handlers: it is told only if this was the
   * last one, and only after all that was asked before was answered.
   */
  CompletableFuture<@Nullable Void> removeWatches(
      String treePath, WatchKind kind, WatchHandler handler) {
    WatchRemoval removal = new WatchRemoval(treePath, kind, watching);
    return checkWatches(treePath, kind)
        .thenComposeAsync(
            known -> allOf(removeHere(() -> removal.atOnce(line, handler))), lane::execute);
  }

  private static CompletableFuture<@Nullable Void> allOf(List<SessionCall<Boolean>> removals) {
    return CompletableFuture.allOf(
            removals.stream().map(SessionCall::result).toArray(CompletableFuture<?>[]::new))
        .handle((done, failed) -> null);
  }

  /** Removes watches on this side; what the server says of it, and when, is of no interest. */
  CompletableFuture<@Nullable Void> forgetWatches(String treePath, WatchKind kind) {
    WatchRemoval removal = new WatchRemoval(treePath, kind, watching);
    CompletableFuture<@Nullable Void> forgotten = new CompletableFuture<>();
    Runnable task =
        () -> {
          try {
            List<SessionCall<Boolean>> unused = removeHere(() -> removal.atOnce(line));
            forgotten.complete(null);
          } catch (RuntimeException refusal) {
            forgotten.completeExceptionally(refusal);
          }
        };
    if (!lane.isTaken(task)) {
      forgotten.completeExceptionally(
          SessionKeeper.failure(ErrorCode.CLOSED, "the runtime was closed"));
    }
    return forgotten;
  }

  private List<SessionCall<Boolean>> removeHere(Supplier<List<SessionCall<Boolean>>> removal) {
    if (keeper.state().isFinal()) {
      throw SessionKeeper.failure(
          keeper.state() == SessionState.EXPIRED ? ErrorCode.SESSION_EXPIRED : ErrorCode.CLOSED,
          "the session is over");
    }
    enqueueRequests(); // The removal comes behind them, so they must be looked at.
    List<SessionCall<Boolean>> calls = removal.get();
    for (SessionCall<Boolean> call : calls) {
      call.expireAt(System.nanoTime() + options.requestTimeout().toNanos());
      line.add(call);
      scheduleExpiry(options.requestTimeout().toNanos());
    }
    keeper.pump();
    return calls;
  }

  TreeWatch watch(String path, WatchOptions wanted, WatchListener listener) {
    TreeWatch handle = WatchKeeper.watch(path, wanted, listener, options, keyring, runtime);
    treeWatches.add(handle);
    handle.whenOver(() -> treeWatches.remove(handle));
    if (closed.isDone()) {
      handle.close();
    }
    return handle;
  }

  CompletableFuture<@Nullable Void> close() {
    if (inbox.close(SessionState.CLOSED)) {
      lane.execute(this::beginClose);
    }
    return closed;
  }

  private void beginClose() {
    takeRequests();
    if (keeper.state().isFinal()) {
      return;
    }
    keeper.closing();
    SessionCall<Boolean> call =
        SessionCall.of(
            SessionRequest.newBuilder().setClose(CloseSessionRequest.getDefaultInstance()),
            reply -> true);
    var unused = call.result().thenRun(this::abandonHere);
    line.add(call);
    keeper.pump();
    Duration patience = keeper.timeout().isZero() ? options.sessionTimeout() : keeper.timeout();
    var unusedTimer = lane.schedule(this::abandonHere, patience.toNanos());
  }

  void closeWithin(Duration patience) {
    CompletableFuture<@Nullable Void> over = close();
    try {
      if (!Waiting.isDoneWithin(patience, over)) {
        abandon();
      }
    } catch (QuollException interrupted) {
      abandon();
      throw interrupted;
    }
  }

  /** Ends the session on this side; the ensemble ends it after its timeout. */
  private void abandon() {
    var unused = inbox.close(SessionState.CLOSED);
    lane.execute(this::abandonHere);
  }

  private void abandonHere() {
    keeper.end(
        SessionState.CLOSED, SessionKeeper.failure(ErrorCode.CLOSED, "the session was closed"));
  }

  private void handlersCaughtUp() {
    watching.handlersCaughtUp();
  }

  private void ended(SessionState asked, QuollException reason) {
    var unused = inbox.close(asked);
    line.removeAll().forEach(call -> call.end(asked, reason));
    for (SessionCall<?> call = inbox.poll(); call != null; call = inbox.poll()) {
      call.end(asked, reason);
    }
    watching.end(keeper.state());
    treeWatches.forEach(TreeWatch::close);
    runtime.remove(abandon);
    closed.complete(null);
  }
}
