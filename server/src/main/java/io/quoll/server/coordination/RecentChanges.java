package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.store.HistoryPage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last changes, in memory, so that whoever is only a little behind need not read the history.
 * Forgets the oldest once there are more than {@link #EVENTS_MAX}, or once their paths have more
 * than {@link #CHARACTERS_MAX}. Confined to its owner, which locks.
 */
final class RecentChanges {
  /** The most changes that are kept. */
  static final int EVENTS_MAX = 10_000;

  /** The most characters that the paths of the changes have together, about. */
  static final long CHARACTERS_MAX = 4L << 20;

  // The changes number first to next - 1, each at its number modulo the length.
  private final @Nullable Event[] ring;
  private long first;
  private long next;
  private long characters;
  private long beginZxid;
  private long throughZxid;

  /** No changes yet, after {@code zxid}. */
  RecentChanges(long zxid) {
    this(zxid, EVENTS_MAX);
  }

  /** No changes yet, after {@code zxid}; keeps {@code eventsMax} of them. */
  RecentChanges(long zxid, int eventsMax) {
    ring = new @Nullable Event[eventsMax];
    beginZxid = zxid;
    throughZxid = zxid;
  }

  /** The zxid up to which all changes were added. */
  long throughZxid() {
    return throughZxid;
  }

  /** Whether all changes after {@code zxid} are kept. */
  boolean reachBackTo(long zxid) {
    return zxid >= beginZxid;
  }

  /** Adds a change, whose zxid is not lower than the last. */
  void add(Event event) {
    if (next - first == ring.length) {
      forgetFirst();
    }
    ring[slot(next++)] = event;
    characters += event.change().path().value().length();
    while (characters > CHARACTERS_MAX && next - first > 1) {
      forgetFirst();
    }
  }

  private void forgetFirst() {
    Event event = at(first);
    ring[slot(first++)] = null;
    characters -= event.change().path().value().length();
    beginZxid = event.zxid();
  }

  /** Notes that all changes up to {@code zxid} were added. */
  void advanceTo(long zxid) {
    throughZxid = zxid;
  }

  /** Forgets all, to begin anew after {@code zxid}. */
  void restart(long zxid) {
    while (first < next) {
      forgetFirst();
    }
    beginZxid = zxid;
    throughZxid = zxid;
  }

  /**
   * The changes after {@code afterZxid}, as {@link
   * io.quoll.statemachine.store.StateStore.View#history} gives them; empty where they reach not
   * that far back.
   *
   * @param limit the number of changes after which no further transaction is begun
   */
  Optional<HistoryPage.Events> after(long afterZxid, int limit) {
    if (!reachBackTo(afterZxid)) {
      return Optional.empty();
    }
    long start = firstAfter(afterZxid);
    long end = Math.min(next, start + limit);
    while (end > start && end < next && at(end).zxid() == at(end - 1).zxid()) {
      end++;
    }
    ImmutableList.Builder<Event> events = ImmutableList.builder();
    for (long number = start; number < end; number++) {
      events.add(at(number));
    }
    long through = end == next ? Math.max(throughZxid, afterZxid) : at(end - 1).zxid();
    return Optional.of(new HistoryPage.Events(events.build(), through));
  }

  private long firstAfter(long zxid) {
    long low = first;
    long high = next;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(middle).zxid() > zxid) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private int slot(long number) {
    return (int) (number % ring.length);
  }

  private Event at(long number) {
    Event event = ring[slot(number)];
    if (event == null) {
      throw new IllegalStateException("there is no change " + number);
    }
    return event;
  }
}
