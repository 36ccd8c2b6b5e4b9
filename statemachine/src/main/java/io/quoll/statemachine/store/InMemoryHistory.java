package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.StateTransaction;
import java.util.ArrayList;
import java.util.List;

/**
 * The history as a plain list, the oldest event first. Confined to the apply thread while it is
 * appended to; a copy that nobody appends to is thread-safe.
 */
final class InMemoryHistory {
  private final HistoryLimits limits;
  private final List<Event> events;
  private HistoryExtent extent;

  /** A history without events, which begins after {@code zxid}. */
  InMemoryHistory(HistoryLimits limits, long zxid) {
    this.limits = limits;
    events = new ArrayList<>();
    extent = HistoryExtent.after(zxid);
  }

  /** A copy of {@code other} as it is now. */
  InMemoryHistory(InMemoryHistory other) {
    limits = other.limits;
    events = new ArrayList<>(other.events);
    extent = other.extent;
  }

  /** A history of {@code events} after {@code trimmedZxid}. */
  InMemoryHistory(HistoryLimits limits, long trimmedZxid, List<Event> events) {
    this(limits, trimmedZxid);
    add(events);
  }

  long trimmedZxid() {
    return extent.trimmedZxid();
  }

  ImmutableList<Event> events() {
    return ImmutableList.copyOf(events);
  }

  void append(StateTransaction transaction) {
    int before = events.size();
    add(transaction.events());
    if (limits.areExceededBy(extent, transaction.timeMillis())) {
      trim(transaction.timeMillis(), before);
    }
  }

  private void add(List<Event> added) {
    events.addAll(added);
    for (EncodedEvent event : EncodedEvent.all(added)) {
      extent = extent.with(event);
    }
  }

  private void trim(long timeMillis, int droppedMax) {
    int dropped = 0;
    while (dropped < Math.min(droppedMax, RocksHistory.TRIMMED_AT_ONCE_MAX)
        && !limits.areKeptToSpareBy(extent, timeMillis)) {
      dropped += dropOldest(timeMillis);
    }
  }

  private int dropOldest(long timeMillis) {
    long zxid = events.get(0).zxid();
    List<Event> oldest = events.stream().takeWhile(event -> event.zxid() == zxid).toList();
    long bytes = EncodedEvent.all(oldest).stream().mapToLong(EncodedEvent::bytes).sum();
    int count = oldest.size();
    events.subList(0, count).clear();
    long nextMillis = events.isEmpty() ? timeMillis : events.get(0).timeMillis();
    extent = extent.without(zxid, count, bytes, nextMillis);
    return count;
  }

  HistoryPage read(long viewZxid, long afterZxid, int limit) {
    if (afterZxid < trimmedZxid()) {
      return new HistoryPage.Trimmed(trimmedZxid());
    }
    List<Event> after = events.stream().filter(event -> event.zxid() > afterZxid).toList();
    int end = Math.min(limit, after.size());
    while (end > 0 && end < after.size() && sameTransaction(after, end)) {
      end++;
    }
    long through =
        end == after.size() ? Math.max(viewZxid, afterZxid) : zxidBefore(after, end, afterZxid);
    return new HistoryPage.Events(ImmutableList.copyOf(after.subList(0, end)), through);
  }

  private static boolean sameTransaction(List<Event> events, int index) {
    return events.get(index).zxid() == events.get(index - 1).zxid();
  }

  private static long zxidBefore(List<Event> events, int index, long first) {
    return index == 0 ? first : events.get(index - 1).zxid();
  }
}
