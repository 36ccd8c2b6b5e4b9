package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.RocksFamily.DEFAULT;
import static io.quoll.statemachine.store.RocksFamily.HISTORY;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.codec.EventCodec;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.StateTransaction;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;

/**
 * Writes the history along with each commit, and trims it. (ADR 0012.) Confined to the apply
 * thread, but for {@link #read}.
 */
final class RocksHistory {
  /** How many events one commit drops, about: what is above that is left to the next. */
  static final int TRIMMED_AT_ONCE_MAX = 10_000;

  private final RocksDatabase database;
  private final ReadOptions latest;
  private final HistoryLimits limits;
  private HistoryExtent extent;

  /** The history of a store whose last zxid is {@code zxid}. */
  RocksHistory(RocksDatabase database, ReadOptions latest, HistoryLimits limits, long zxid) {
    this.database = database;
    this.latest = latest;
    this.limits = limits;
    extent = extent(database, latest, zxid);
  }

  /** Where there is no row, nothing was ever recorded. */
  private static HistoryExtent extent(RocksDatabase database, ReadOptions options, long zxid) {
    byte[] row = database.get(DEFAULT, options, RocksKeys.historyExtent());
    return row == null ? HistoryExtent.after(zxid) : HistoryExtent.decode(row);
  }

  /** Gathers what {@code transaction} adds to the history, and what goes for that. */
  void append(StateTransaction transaction, RocksWriter writer) {
    HistoryExtent before = extent;
    ImmutableList<EncodedEvent> events = EncodedEvent.all(transaction.events());
    for (EncodedEvent event : events) {
      extent = extent.with(event);
    }
    if (limits.areExceededBy(extent, transaction.timeMillis())) {
      trim(transaction.timeMillis(), events, writer);
    }
    if (!extent.equals(before)) {
      writer.putHistory(events, extent);
    }
  }

  // The events of this commit are not in the database yet, and so are never trimmed.
  private void trim(long timeMillis, ImmutableList<EncodedEvent> added, RocksWriter writer) {
    byte[] from = RocksKeys.event(extent.trimmedZxid() + 1, 0);
    long addedMillis = added.isEmpty() ? timeMillis : added.get(0).timeMillis();
    long dropped = 0;
    try (RocksIterator iterator = database.iterator(HISTORY, latest)) {
      iterator.seek(from);
      while (iterator.isValid()
          && dropped < TRIMMED_AT_ONCE_MAX
          && !limits.areKeptToSpareBy(extent, timeMillis)) {
        long before = extent.events();
        dropOldest(iterator, addedMillis);
        dropped += before - extent.events();
      }
      RocksDatabase.check(iterator);
    }
    writer.deleteHistory(from, RocksKeys.event(extent.trimmedZxid() + 1, 0));
  }

  private void dropOldest(RocksIterator iterator, long addedMillis) {
    long zxid = RocksKeys.eventZxid(iterator.key());
    long events = 0;
    long bytes = 0;
    while (iterator.isValid() && RocksKeys.eventZxid(iterator.key()) == zxid) {
      events++;
      bytes += (long) iterator.key().length + iterator.value().length;
      iterator.next();
    }
    long nextMillis =
        iterator.isValid() ? EventCodec.decode(0, iterator.value()).timeMillis() : addedMillis;
    extent = extent.without(zxid, events, bytes, nextMillis);
  }

  /**
   * What happened after {@code afterZxid}, as {@code options} show it; once {@code limit} events
   * are found, no further transaction is begun. Thread-safe.
   *
   * @param viewZxid the last zxid that {@code options} show
   */
  static HistoryPage read(
      RocksDatabase database, ReadOptions options, long viewZxid, long afterZxid, int limit) {
    HistoryExtent extent = extent(database, options, viewZxid);
    if (afterZxid < extent.trimmedZxid()) {
      return new HistoryPage.Trimmed(extent.trimmedZxid());
    }
    ImmutableList.Builder<Event> events = ImmutableList.builder();
    int count = 0;
    long last = afterZxid;
    try (RocksIterator iterator = database.iterator(HISTORY, options)) {
      iterator.seek(RocksKeys.event(afterZxid + 1, 0));
      for (; iterator.isValid(); iterator.next()) {
        long zxid = RocksKeys.eventZxid(iterator.key());
        if (count >= limit && zxid != last) {
          return new HistoryPage.Events(events.build(), last);
        }
        events.add(EventCodec.decode(zxid, iterator.value()));
        last = zxid;
        count++;
      }
      RocksDatabase.check(iterator);
    }
    return new HistoryPage.Events(events.build(), Math.max(viewZxid, afterZxid));
  }
}
