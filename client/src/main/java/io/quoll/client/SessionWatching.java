package io.quoll.client;

import com.google.common.collect.ImmutableList;
import io.quoll.api.v1.SessionReply;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a session's handlers are told: events, gaps and states.
 *
 * <p>The stream is read however long the handlers take, since they may wait for replies on it, and
 * since a server that is not read from hears no signs of life. So it is here that there is an end
 * to what waits for them: when the queue is full, the events of persistent watches are left out,
 * and once the handlers have caught up they are told of the gap.
 *
 * <p>Confined to the session's lane; the handlers run elsewhere.
 */
final class SessionWatching {
  private final WatchTables tables = new WatchTables();
  private final EventProgress progress = new EventProgress();
  private final List<Consumer<SessionState>> stateListeners = new ArrayList<>();
  private final HandlerQueue handlers;
  private final Chroot chroot;
  private final List<io.quoll.api.v1.WatchEvent> missed = new ArrayList<>();
  private @Nullable Rearming rearming;
  private @Nullable WatchGap leftOut;

  SessionWatching(HandlerQueue handlers, Chroot chroot) {
    this.handlers = handlers;
    this.chroot = chroot;
  }

  WatchTables tables() {
    return tables;
  }

  /** A stream began: what it has to begin with so that all watches are set. */
  ImmutableList<SessionCall<SessionReply>> attached() {
    if (tables.isEmpty()) {
      return ImmutableList.of();
    }
    rearming = new Rearming(tables, progress);
    return rearming.calls();
  }

  void detached() {
    rearming = null;
    missed.clear();
  }

  void event(io.quoll.api.v1.WatchEvent event) {
    if (rearming != null) {
      rearming.keep(event);
      return;
    }
    if (event.getMissed()) {
      missed.add(event);
      return;
    }
    progress.told(event);
    tell(event, true, true);
  }

  /**
   * A reply came and had its effect; its answer includes this zxid. The watches that it set are
   * told what they missed, and then of all that the others are told.
   */
  void replied(long zxid) {
    if (rearming == null) {
      missed.forEach(this::tellAdded);
      missed.clear();
      tables.settle();
      progress.completed(zxid);
      return;
    }
    if (!rearming.isDone()) {
      return;
    }
    Rearming done = rearming;
    rearming = null;
    tables.settle();
    done.tell(
        new Rearming.Telling() {
          @Override
          public void gap(WatchGap gap) {
            tellGap(gap);
          }

          @Override
          public void event(
              io.quoll.api.v1.WatchEvent event, boolean toOneShot, boolean toPersistent) {
            tell(event, toOneShot, toPersistent);
          }
        });
  }

  // The others were told of it, and of all else up to it, before.
  private void tellAdded(io.quoll.api.v1.WatchEvent event) {
    progress.completed(event.getZxid());
    Answers.event(event, chroot)
        .ifPresent(
            known ->
                tables
                    .fireAdded(known.type(), event.getPath())
                    .forEach(handler -> handlers.tell(() -> handler.onEvent(known))));
  }

  private void tell(io.quoll.api.v1.WatchEvent event, boolean toOneShot, boolean toPersistent) {
    Optional<WatchEvent> known = Answers.event(event, chroot);
    if (known.isEmpty()) {
      return; // An event of a later version of the contract.
    }
    EventType type = known.get().type();
    Set<WatchHandler> told = new LinkedHashSet<>();
    if (toOneShot) {
      told.addAll(tables.fireOneShot(type, event.getPath()));
    }
    Set<WatchHandler> persistent =
        toPersistent ? tables.persistentOn(type, event.getPath()) : Set.of();
    if (!persistent.isEmpty() && (leftOut != null || handlers.isFull())) {
      leaveOut(event.getZxid());
    } else {
      told.addAll(persistent);
    }
    told.forEach(handler -> handlers.tell(() -> handler.onEvent(known.get())));
  }

  private void leaveOut(long zxid) {
    leftOut = new WatchGap(leftOut == null ? zxid - 1 : leftOut.afterZxid(), zxid);
  }

  /** There is room again for what handlers are to be told. */
  void handlersCaughtUp() {
    WatchGap gap = leftOut;
    leftOut = null;
    if (gap != null) {
      tellGap(gap);
    }
  }

  private void tellGap(WatchGap gap) {
    tables.persistentHandlers().forEach(handler -> handlers.tell(() -> handler.onGap(gap)));
  }

  void removed(Set<WatchHandler> removed, String treePath, WatchKind kind) {
    String path = chroot.fromTree(treePath);
    removed.forEach(handler -> handlers.tell(() -> handler.onRemoved(path, kind)));
  }

  void addStateListener(Consumer<SessionState> listener, SessionState present) {
    stateListeners.add(listener);
    handlers.tell(() -> listener.accept(present));
  }

  void tellState(SessionState state) {
    stateListeners.forEach(listener -> handlers.tell(() -> listener.accept(state)));
    tables.handlers().forEach(handler -> handlers.tell(() -> handler.onState(state)));
  }

  /** The session is over. */
  void end(SessionState state) {
    tellState(state);
    tables.clear();
    rearming = null;
  }
}
