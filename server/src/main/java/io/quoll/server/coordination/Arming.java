package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.HistoryPage;
import io.quoll.statemachine.store.StateStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Watches of one watcher on their way into the table: they are told what they missed, as if they
 * had been in the table, until they have come up to the present. Confined to the thread that sets
 * them, but for {@link #abandon}.
 */
final class Arming {
  /**
   * The most events that are told of the past. Beyond that a client reads anew what it watches, and
   * is better off.
   */
  static final int TOLD_MAX = 50_000;

  /** The most characters that their paths have: less than what an {@link Outbox} holds. */
  static final int TOLD_CHARACTERS_MAX = 4 * 1024 * 1024;

  /** How many changes are read at a time. */
  static final int PAGE_EVENTS = 1_000;

  private final Watcher watcher;
  private final BiConsumer<Arming, ImmutableList<WatchEvent>> outlet;
  private final WatchTable pending;
  private final List<Judged> toJudge = new ArrayList<>();
  private final Set<ZnodePath> judgedPaths = new HashSet<>();
  private final Set<WatchEvent> toldOfJudged = new HashSet<>();
  private final List<WatchEvent> due = new ArrayList<>();
  private final long sinceZxid;
  private long cursor;
  private long told;
  private long toldCharacters;
  private volatile boolean abandoned;

  private record Judged(ZnodePath path, WatchMode mode, ZxidRule rule) {}

  /**
   * Begins without a watch.
   *
   * @param sinceZxid the zxid after which nothing was told yet
   * @param outlet takes what the watcher is told, in this order
   */
  Arming(Watcher watcher, long sinceZxid, BiConsumer<Arming, ImmutableList<WatchEvent>> outlet) {
    this.watcher = watcher;
    this.sinceZxid = sinceZxid;
    this.cursor = sinceZxid;
    this.outlet = outlet;
    this.pending = new WatchTable((unused, event) -> due.add(event));
  }

  /** Adds a watch that is told all that it missed. */
  void replay(ZnodePath path, WatchMode mode) {
    pending.add(path.value(), WatchTable.bit(mode), watcher);
  }

  /** Adds a watch for one event, which the znode as it is decides on. */
  void judge(ZnodePath path, WatchMode mode, ZxidRule rule) {
    toJudge.add(new Judged(path, mode, rule));
    judgedPaths.add(path);
  }

  /** For whom the watches are. */
  Watcher watcher() {
    return watcher;
  }

  /** The watcher is gone: there is nobody to tell. */
  void abandon() {
    abandoned = true;
  }

  /** Whether the watcher is gone. */
  boolean isAbandoned() {
    return abandoned;
  }

  /** The zxid up to which all was told. */
  long cursor() {
    return cursor;
  }

  /** How many watches are to be set, those included that may turn out to be due. */
  int count() {
    return pending.count() + toJudge.size();
  }

  /** How many characters their paths have. */
  long characters() {
    return pending.characters()
        + judgedPaths.stream().mapToLong(path -> path.value().length()).sum();
  }

  /**
   * Tells all that happened up to the zxid of {@code view}. Returns 0, or the zxid up to which not
   * all could be told.
   */
  long catchUp(StateStore.View view) {
    long trimmedZxid = 0;
    while (cursor < view.zxid() && pending.count() > 0) {
      HistoryPage page = view.history(cursor, PAGE_EVENTS);
      if (page instanceof HistoryPage.Events events && mayTellMore()) {
        tell(events);
      } else {
        trimmedZxid = skip(view, page);
      }
    }
    cursor = Math.max(cursor, view.zxid());
    judge(view);
    return trimmedZxid;
  }

  private boolean mayTellMore() {
    return told <= TOLD_MAX && toldCharacters <= TOLD_CHARACTERS_MAX;
  }

  // What is skipped may concern watches for one event only if this replica took over a snapshot
  // meanwhile; they are settled by what they watch.
  private long skip(StateStore.View view, HistoryPage page) {
    new Settlement(pending, WatchTable.ONE_SHOT, view, cursor).settle();
    flush();
    cursor = page instanceof HistoryPage.Trimmed trimmed ? trimmed.throughZxid() : view.zxid();
    return cursor;
  }

  private void judge(StateStore.View view) {
    for (Judged judged : toJudge) {
      ZxidRule.Due outcome = judged.rule().due(view, judged.path(), sinceZxid, watcher);
      WatchEvent event = outcome.event();
      if (!outcome.isDue()) {
        pending.add(judged.path().value(), WatchTable.bit(judged.mode()), watcher);
      } else if (event != null && !toldOfJudged.contains(event)) {
        due.add(event);
      }
    }
    toJudge.clear();
    flush();
  }

  /** Tells what of {@code page}, which begins at the cursor, concerns the watches. */
  void tell(HistoryPage.Events page) {
    for (Event event : page.events()) {
      pending.fire(event);
    }
    cursor = page.throughZxid();
    flush();
  }

  private void flush() {
    if (due.isEmpty()) {
      return;
    }
    ImmutableList<WatchEvent> events = ImmutableList.copyOf(due);
    due.clear();
    told += events.size();
    toldCharacters += events.stream().mapToLong(event -> event.path().value().length()).sum();
    events.stream().filter(event -> judgedPaths.contains(event.path())).forEach(toldOfJudged::add);
    outlet.accept(this, events);
  }

  /** Puts what is still to be watched into {@code table}. */
  void moveTo(WatchTable table) {
    pending.forEach((path, modes, unused) -> table.add(path, modes, watcher));
  }
}
