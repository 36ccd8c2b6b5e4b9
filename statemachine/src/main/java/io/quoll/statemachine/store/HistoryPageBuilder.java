package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Event;
import java.util.List;

/**
 * Gathers the events after a zxid, transaction by transaction: once there are as many as asked for,
 * no further transaction is begun. Confined to one thread.
 */
final class HistoryPageBuilder {
  private final long afterZxid;
  private final int limit;
  private final ImmutableList.Builder<Event> events = ImmutableList.builder();
  private int count;
  private long last;
  private boolean full;

  HistoryPageBuilder(long afterZxid, int limit) {
    this.afterZxid = afterZxid;
    this.limit = limit;
    last = afterZxid;
  }

  /** Adds of {@code next}, the next in their order, what belongs here; false if it is full. */
  boolean add(List<Event> next) {
    for (Event event : next) {
      if (event.zxid() <= afterZxid) {
        continue;
      }
      if (count >= limit && event.zxid() != last) {
        full = true;
        return false;
      }
      events.add(event);
      last = event.zxid();
      count++;
    }
    return true;
  }

  /** The page, when all events up to {@code viewZxid} were added, or it was full before. */
  HistoryPage build(long viewZxid) {
    return new HistoryPage.Events(events.build(), full ? last : Math.max(viewZxid, afterZxid));
  }
}
