package io.quoll.client;

import com.google.common.collect.ImmutableList;
import io.quoll.api.v1.CheckWatchesRequest;
import io.quoll.api.v1.CloseSessionRequest;
import io.quoll.api.v1.RemoveWatchesRequest;
import io.quoll.api.v1.SessionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session as callers reach it from any thread: what they ask for is carried to the session's
 * lane, as much at once as has come together.
 *
 * <p>Thread-safe.
 */
final class LiveSession {
  private static final ImmutableList<WatchKind> CONCRETE_KINDS =
      ImmutableList.of(
          WatchKind.CHILDREN, WatchKind.DATA, WatchKind.PERSISTENT, WatchKind.PERSISTENT_RECURSIVE);

  private final SessionOptions options;
  private final QuollRuntime runtime;
  private final Lane lane;
  private final HandlerQueue handlers;
  private final RequestInbox inbox = new RequestInbox();
  private final AtomicBoolean isAwake = new AtomicBoolean();
  private final RequestLine line = new RequestLine();
  private final SessionWatching watching;
  private final SessionKeeper keeper;
  private final Set<TreeWatch> treeWatches = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
  private final Runnable abandon = this::abandon;
  private boolean isExpiryScheduled; // Confined to the lane.

  LiveSession(SessionOptions options, QuollRuntime runtime) {
    this.options = options;
    this.runtime = runtime;
    this.lane = runtime.nextLane();
    this.handlers =
        new HandlerQueue(runtime.handlers(), () -> lane.execute(this::handlersCaughtUp));
    this.watching = new SessionWatching(handlers, new Chroot(options.chroot()));
    this.keeper = new SessionKeeper(options, lane, line, watching, this::ended);
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
    if (inbox.offer(call) && isAwake.compareAndSet(false, true)) {
      lane.execute(this::takeRequests);
    }
    return call.result();
  }

  private void takeRequests() {
    isAwake.set(false);
    for (SessionCall<?> call = inbox.poll(); call != null; call = inbox.poll()) {
      if (keeper.state().isFinal()) {
        call.end(keeper.state(), null);
      } else {
        line.add(call);
        scheduleExpiry(options.requestTimeout().toNanos());
      }
    }
    keeper.pump();
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
    SessionCall<@Nullable Void> call = SessionCall.of(removal(treePath, kind), reply -> null);
    return submit(
        call.withEffect(
            (reply, tables) -> watching.removed(tables.remove(treePath, kind), treePath)));
  }

  /**
   * Removes one handler's watches. The server knows no handlers: it is told only if this was the
   * last one, and only after all that was asked before was answered.
   */
  CompletableFuture<@Nullable Void> removeWatches(
      String treePath, WatchKind kind, WatchHandler handler) {
    return checkWatches(treePath, kind)
        .thenComposeAsync(known -> removeHere(treePath, kind, handler), lane::execute);
  }

  private CompletableFuture<@Nullable Void> removeHere(
      String treePath, WatchKind kind, WatchHandler handler) {
    List<CompletableFuture<?>> removals = new ArrayList<>();
    boolean isAddUnderWay = line.anyPending(call -> call.addsWatchOn(treePath));
    boolean isFound = false;
    for (WatchKind concrete : kind == WatchKind.ANY ? CONCRETE_KINDS : List.of(kind)) {
      if (!watching.tables().contains(treePath, concrete, handler)) {
        continue;
      }
      isFound = true;
      if (!isAddUnderWay && !watching.tables().isShared(treePath, concrete, handler)) {
        SessionCall<Boolean> call = SessionCall.of(removal(treePath, concrete), reply -> true);
        removals.add(submit(call));
      }
      watching.tables().remove(treePath, concrete, handler);
    }
    if (!isFound) {
      return CompletableFuture.failedFuture(
          SessionKeeper.failure(ErrorCode.NO_WATCHER, "the handler has no such watch there"));
    }
    watching.removed(Set.of(handler), treePath);
    return CompletableFuture.allOf(removals.toArray(new CompletableFuture<?>[0]))
        .handle((done, failed) -> null);
  }

  private static SessionRequest.Builder removal(String treePath, WatchKind kind) {
    return SessionRequest.newBuilder()
        .setRemoveWatches(
            RemoveWatchesRequest.newBuilder().setPath(treePath).setKind(SessionAnswers.kind(kind)));
  }

  TreeWatch watch(String path, WatchOptions wanted, WatchListener listener) {
    TreeWatch handle = WatchKeeper.watch(path, wanted, listener, options, runtime);
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
