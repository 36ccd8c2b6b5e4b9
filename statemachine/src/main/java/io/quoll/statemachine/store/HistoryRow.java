package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.codec.EventCodec;
import io.quoll.statemachine.state.Event;
import java.util.List;

/**
 * Events of one commit that the history keeps and drops together, in the bytes that stores keep.
 * Every store makes its rows here, so that all count and trim alike. Immutable.
 */
final class HistoryRow {
  /** A row is ended once its paths have so many characters; so a huge commit has many rows. */
  static final int ROW_CHARACTERS = 32 * 1024;

  /** What an event is taken to have beside its path. */
  private static final int EVENT_CHARACTERS = 8;

  private final byte[] key;
  private final byte[] value;

  /**
   * The row of a store.
   *
   * @param key the zxid of the first event, and its place in its transaction
   */
  HistoryRow(byte[] key, byte[] value) {
    this.key = key;
    this.value = value;
  }

  /** The rows of {@code events}, all those of one commit, in the order in which they happened. */
  static ImmutableList<HistoryRow> all(List<Event> events) {
    ImmutableList.Builder<HistoryRow> rows = ImmutableList.builder();
    int from = 0;
    while (from < events.size()) {
      int end = endOfRow(events, from);
      byte[] key = RocksKeys.event(events.get(from).zxid(), ordinal(events, from));
      rows.add(new HistoryRow(key, EventCodec.encode(events.subList(from, end))));
      from = end;
    }
    return rows.build();
  }

  private static int endOfRow(List<Event> events, int from) {
    int end = from;
    for (int characters = 0; end < events.size() && characters < ROW_CHARACTERS; end++) {
      characters += EVENT_CHARACTERS + events.get(end).change().path().value().length();
    }
    return end;
  }

  private static int ordinal(List<Event> events, int index) {
    long zxid = events.get(index).zxid();
    int first = index;
    while (first > 0 && events.get(first - 1).zxid() == zxid) {
      first--;
    }
    return index - first;
  }

  byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  long firstZxid() {
    return RocksKeys.eventZxid(key);
  }

  EventCodec.Summary summary() {
    return EventCodec.summarise(firstZxid(), value);
  }

  ImmutableList<Event> events() {
    return EventCodec.decode(firstZxid(), value);
  }

  /** What the row takes, before compression. */
  long bytes() {
    return (long) key.length + value.length;
  }
}
