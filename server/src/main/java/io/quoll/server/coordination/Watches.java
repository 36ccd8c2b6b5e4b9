package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.HistoryPage;
import io.quoll.statemachine.store.StateStore;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The watches of the sessions that are attached at this replica. (ADR 0015.)
 *
 * <p>Thread-safe. One lock is over all; the apply thread takes it once for each log entry, and
 * nobody who holds it reads the store but the apply thread itself, after a snapshot.
 */
public final class Watches implements AppliedListener, Measured {
  /** The most watches of one watcher. */
  public static final int WATCHES_PER_WATCHER_MAX = 100_000;

  /** The most watches at this replica. */
  public static final int WATCHES_MAX = 2_000_000;

  /** The most characters that all watched paths have together. */
  public static final long CHARACTERS_MAX = 256L << 20;

  private final StateStore store;

  @GuardedBy("this")
  private final WatchTable table = new WatchTable(this::tell);

  @GuardedBy("this")
  private final RecentChanges recent;

  @GuardedBy("this")
  private final Set<Arming> underWay = Collections.newSetFromMap(new IdentityHashMap<>());

  // Those that heard of changes which readers do not see yet.
  @GuardedBy("this")
  private Set<Watcher> ahead = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Watches to be set again. (SetWatches of the contract, of ZooKeeper.) */
  public record Rearmed(
      long sinceZxid,
      ImmutableList<ZnodePath> data,
      ImmutableList<ZnodePath> exists,
      ImmutableList<ZnodePath> children,
      ImmutableList<ZnodePath> persistent,
      ImmutableList<ZnodePath> recursive) {
    /** All paths, one for each watch. */
    Stream<ZnodePath> paths() {
      return Stream.of(data, exists, children, persistent, recursive).flatMap(List::stream);
    }
  }

  /** No watches yet, on what {@code store} has published. */
  public Watches(StateStore store) {
    this.store = store;
    recent = new RecentChanges(store.publishedZxid());
  }

  /**
   * Sets a watch that is due by every change after {@code sinceZxid}, the zxid of what its client
   * has read; what is due already is told before this returns. Reads the store, and for a watch
   * that stays the history, where {@code sinceZxid} is {@link RecentChanges#EVENTS_MAX} changes
   * ago.
   *
   * @throws Rejection {@code LIMIT_EXCEEDED} beyond {@link #WATCHES_PER_WATCHER_MAX}, {@link
   *     #WATCHES_MAX} or {@link #CHARACTERS_MAX}
   */
  public void add(ZnodePath path, WatchMode mode, Watcher watcher, long sinceZxid) {
    if (addOfThePresent(path, mode, watcher, sinceZxid)) {
      return;
    }
    Arming arming = begin(watcher, sinceZxid);
    arming.replay(path, mode);
    if (finish(arming)) {
      return;
    }
    Arming anew = begin(watcher, sinceZxid);
    switch (mode) {
      case DATA -> anew.judge(path, mode, ZxidRule.EITHER);
      case CHILDREN -> anew.judge(path, mode, ZxidRule.CHILDREN);
      case PERSISTENT, RECURSIVE -> anew.replay(path, mode);
    }
    long trimmedZxid = arm(anew);
    if (trimmedZxid > 0) {
      tellGap(watcher, trimmedZxid);
    }
  }

  // Nearly every watch is one of these.
  private synchronized boolean addOfThePresent(
      ZnodePath path, WatchMode mode, Watcher watcher, long sinceZxid) {
    if (sinceZxid < recent.throughZxid()) {
      return false;
    }
    requireRoom(watcher, 1, path.value().length());
    table.add(path.value(), WatchTable.bit(mode), watcher);
    watcher.onSet();
    return true;
  }

  /** Whether {@code watcher} has a watch of one of {@code modes} on {@code path}. */
  public synchronized boolean has(ZnodePath path, EnumSet<WatchMode> modes, Watcher watcher) {
    return (table.modes(path.value(), watcher) & WatchTable.bits(modes)) != 0;
  }

  /** Removes the watches of {@code modes}; whether there was one. */
  public synchronized boolean remove(ZnodePath path, EnumSet<WatchMode> modes, Watcher watcher) {
    return table.remove(path.value(), WatchTable.bits(modes), watcher);
  }

  /**
   * Sets watches again and tells what they missed. Reads the store and the history: not for the
   * event loop. A watch for one event follows ZooKeeper's rule: it is decided by the znode as it
   * is. The others are told all that happened, unless the history does not reach back so far or
   * there is more than {@link Arming#TOLD_MAX} or {@link Arming#TOLD_CHARACTERS_MAX} to tell.
   *
   * @return 0, or the zxid up to which persistent and recursive watches may have missed events
   * @throws Rejection {@code LIMIT_EXCEEDED} as {@link #add}
   */
  public long rearm(Rearmed rearmed, Watcher watcher) {
    Arming arming = begin(watcher, rearmed.sinceZxid());
    rearmed.persistent().forEach(path -> arming.replay(path, WatchMode.PERSISTENT));
    rearmed.recursive().forEach(path -> arming.replay(path, WatchMode.RECURSIVE));
    rearmed.data().forEach(path -> arming.judge(path, WatchMode.DATA, ZxidRule.DATA));
    rearmed.exists().forEach(path -> arming.judge(path, WatchMode.DATA, ZxidRule.EXISTS));
    rearmed.children().forEach(path -> arming.judge(path, WatchMode.CHILDREN, ZxidRule.CHILDREN));
    return arm(arming);
  }

  // The past is read without the lock, and so more happens meanwhile; what is left in the end is in
  // the recent changes.
  private long arm(Arming arming) {
    begun(arming);
    try {
      long trimmedZxid = 0;
      do {
        try (StateStore.View view = store.view()) {
          trimmedZxid = Math.max(trimmedZxid, arming.catchUp(view));
        }
      } while (!finish(arming));
      return trimmedZxid;
    } finally {
      ended(arming);
    }
  }

  private Arming begin(Watcher watcher, long sinceZxid) {
    return new Arming(watcher, sinceZxid, this::tell);
  }

  private synchronized void begun(Arming arming) {
    requireRoom(arming);
    underWay.add(arming);
  }

  private synchronized void ended(Arming arming) {
    underWay.remove(arming);
  }

  private synchronized void tell(Watcher watcher, WatchEvent event) {
    watcher.onEvent(event);
    ahead.add(watcher);
  }

  private synchronized void tell(Arming arming, ImmutableList<WatchEvent> events) {
    if (!arming.isAbandoned()) {
      events.forEach(arming.watcher()::onMissed);
      ahead.add(arming.watcher());
    }
  }

  private synchronized void tellGap(Watcher watcher, long throughZxid) {
    watcher.onGap(throughZxid);
  }

  private synchronized boolean finish(Arming arming) {
    Optional<HistoryPage.Events> missed = recent.after(arming.cursor(), RecentChanges.EVENTS_MAX);
    if (missed.isEmpty()) {
      return false;
    }
    requireRoom(arming);
    arming.tell(missed.get());
    if (!arming.isAbandoned()) {
      arming.moveTo(table);
      arming.watcher().onSet();
    }
    return true;
  }

  @GuardedBy("this")
  private void requireRoom(Arming arming) {
    requireRoom(arming.watcher(), arming.count(), arming.characters());
  }

  @GuardedBy("this")
  private void requireRoom(Watcher watcher, int more, long characters) {
    if (table.count(watcher) + more > WATCHES_PER_WATCHER_MAX) {
      throw limitExceeded("a session may have " + WATCHES_PER_WATCHER_MAX + " watches");
    }
    if (table.count() + more > WATCHES_MAX || table.characters() + characters > CHARACTERS_MAX) {
      throw limitExceeded("the server has as many watches as it takes");
    }
  }

  private static Rejection limitExceeded(String detail) {
    return new Rejection(ErrorCode.LIMIT_EXCEEDED, "", detail);
  }

  /** Removes all watches of {@code watcher}, those included that are being set. */
  public synchronized void removeAll(Watcher watcher) {
    table.removeAll(watcher);
    ahead.remove(watcher);
    underWay.stream().filter(arming -> arming.watcher() == watcher).forEach(Arming::abandon);
  }

  /** How many watches there are at this replica, of how many watchers, on how many paths. */
  public record Summary(int watches, int watchers, int paths, long characters) {}

  /** What there is at this moment. */
  public synchronized Summary summary() {
    return new Summary(table.count(), table.watcherCount(), table.pathCount(), table.characters());
  }

  /** The paths that {@code watcher} watches, at most {@code limit} of them, in no order. */
  public synchronized ImmutableList<String> paths(Watcher watcher, int limit) {
    return table.pathsOf(watcher, limit);
  }

  @Override
  public void measure(Measurements to) {
    Summary now = summary();
    to.gauge("quoll_watches", "Watches of sessions attached here.", now.watches());
    to.gauge("quoll_watchers", "Sessions attached here that have watches.", now.watchers());
    to.gauge("quoll_watched_paths", "Paths that sessions attached here watch.", now.paths());
    to.gauge(
        "quoll_watched_path_characters", "Characters that these paths have.", now.characters());
  }

  /** How many watches {@code watcher} has. */
  public synchronized int count(Watcher watcher) {
    return table.count(watcher);
  }

  @Override
  public synchronized void onCommitted(EntryOutcome outcome) {
    for (Event event : outcome.transaction().events()) {
      take(event);
    }
    recent.advanceTo(outcome.transaction().zxid());
  }

  @GuardedBy("this")
  private void take(Event event) {
    recent.add(event);
    table.fire(event);
  }

  @Override
  public void onPublished(EntryOutcome outcome) {
    takeAhead().forEach(Watcher::onPublished);
  }

  private synchronized Set<Watcher> takeAhead() {
    if (ahead.isEmpty()) {
      return ImmutableSet.of();
    }
    Set<Watcher> taken = ahead;
    ahead = Collections.newSetFromMap(new IdentityHashMap<>());
    return taken;
  }

  /** Tells what happened up to the snapshot, as far as the history that came along knows it. */
  @Override
  public synchronized void onRestoring(StateStore.View snapshot) {
    long zxid = snapshot.zxid();
    if (table.count() == 0) {
      recent.restart(zxid);
      return;
    }
    while (recent.throughZxid() < zxid) {
      HistoryPage page = snapshot.history(recent.throughZxid(), Arming.PAGE_EVENTS);
      if (page instanceof HistoryPage.Events events) {
        events.events().forEach(this::take);
        recent.advanceTo(events.throughZxid());
      } else {
        new Settlement(table, WatchTable.ANY, snapshot, recent.throughZxid()).settle();
        recent.restart(zxid);
        table.watchersOf(WatchTable.LASTING).forEach(watcher -> watcher.onGap(zxid));
      }
    }
  }

  @Override
  public void onRestored(long zxid) {
    takeAhead().forEach(Watcher::onPublished);
  }
}
