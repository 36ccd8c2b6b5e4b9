package io.quoll.client;

import com.google.common.collect.ImmutableList;
import io.quoll.api.v1.RemoveWatchesRequest;
import io.quoll.api.v1.SessionRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The removal of a session's watches of a kind from a path, here and at the server, which knows no
 * handlers.
 *
 * <p>Confined to the session's lane, but for {@link #onceAnswered}.
 */
final class WatchRemoval {
  private static final ImmutableList<WatchKind> CONCRETE_KINDS =
      ImmutableList.of(
          WatchKind.CHILDREN, WatchKind.DATA, WatchKind.PERSISTENT, WatchKind.PERSISTENT_RECURSIVE);

  private final String treePath;
  private final WatchKind kind;
  private final SessionWatching watching;

  WatchRemoval(String treePath, WatchKind kind, SessionWatching watching) {
    this.treePath = treePath;
    this.kind = kind;
    this.watching = watching;
  }

  /** Has the server remove them, and then removes them here. */
  SessionCall<@Nullable Void> onceAnswered() {
    SessionCall<@Nullable Void> call = SessionCall.of(request(kind), reply -> null);
    return call.withEffect(
        (reply, tables) ->
            concreteKinds()
                .forEach(concrete -> watching.removed(removeAll(concrete), treePath, concrete)));
  }

  /**
   * Removes them here, whatever becomes of those at the server.
   *
   * @param line the requests of the session, none of which is left out
   * @return what the server has to be asked behind them
   * @throws QuollException {@code NO_WATCHER} if there are none
   */
  ImmutableList<SessionCall<Boolean>> atOnce(RequestLine line) {
    return takeOut(line, this::removeAll);
  }

  /** As {@link #atOnce(RequestLine)}, only those of one handler. */
  ImmutableList<SessionCall<Boolean>> atOnce(RequestLine line, WatchHandler handler) {
    return takeOut(line, concrete -> removeOf(handler, concrete));
  }

  private ImmutableList<SessionCall<Boolean>> takeOut(
      RequestLine line, Function<WatchKind, Set<WatchHandler>> removal) {
    // A watch that is being added would go with those at the server, which tells none apart.
    boolean isAddUnderWay = line.anyPending(call -> call.addsWatchOn(treePath));
    ImmutableList.Builder<SessionCall<Boolean>> calls = ImmutableList.builder();
    boolean isFound = false;
    for (WatchKind concrete : concreteKinds()) {
      Set<WatchHandler> removed = removal.apply(concrete);
      if (removed.isEmpty()) {
        continue;
      }
      isFound = true;
      watching.removed(removed, treePath, concrete);
      if (!isAddUnderWay && !isNeeded(concrete, removed)) {
        calls.add(SessionCall.of(request(concrete), reply -> true));
      }
    }
    if (!isFound) {
      throw SessionKeeper.failure(ErrorCode.NO_WATCHER, "there is no such watch to remove");
    }
    return calls.build();
  }

  private List<WatchKind> concreteKinds() {
    return kind == WatchKind.ANY ? CONCRETE_KINDS : List.of(kind);
  }

  private Set<WatchHandler> removeAll(WatchKind concrete) {
    return watching.tables().remove(treePath, concrete);
  }

  private Set<WatchHandler> removeOf(WatchHandler handler, WatchKind concrete) {
    if (!watching.tables().contains(treePath, concrete, handler)) {
      return Set.of();
    }
    watching.tables().remove(treePath, concrete, handler);
    return Set.of(handler);
  }

  private boolean isNeeded(WatchKind concrete, Set<WatchHandler> removed) {
    return removed.stream()
        .anyMatch(handler -> watching.tables().isShared(treePath, concrete, handler));
  }

  private SessionRequest.Builder request(WatchKind wanted) {
    return SessionRequest.newBuilder()
        .setRemoveWatches(
            RemoveWatchesRequest.newBuilder()
                .setPath(treePath)
                .setKind(SessionAnswers.kind(wanted)));
  }
}
