package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.RocksFamily.DEFAULT;
import static io.quoll.statemachine.store.RocksFamily.HISTORY;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.StateTransaction;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;

/**
 * Writes the history along with each commit, and trims it. (ADR 0012.) Confined to the apply
 * thread, but for {@link #read} and {@link #extent}.
 */
final class RocksHistory {
  /** How many events one commit drops, about: what is above that is left to the next. */
  static final int TRIMMED_AT_ONCE_MAX = 10_000;

  private final RocksDatabase database;
  private final ReadOptions latest;
  private final HistoryLimits limits;
  private volatile HistoryExtent extent; // Written by the apply thread alone.

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
    ImmutableList<HistoryRow> rows = HistoryRow.all(transaction.events());
    HistoryExtent after = before;
    for (HistoryRow row : rows) {
      after = after.with(row);
    }
    extent = after;
    if (limits.areExceededBy(extent, transaction.timeMillis())) {
      trim(transaction.timeMillis(), writer);
    }
    if (!extent.equals(before)) {
      writer.putHistory(rows, extent);
    }
  }

  /** How far the history reaches back, with the last commit. Thread-safe. */
  HistoryExtent extent() {
    return extent;
  }

  // The rows of this commit are not in the database yet, and so are never trimmed.
  private void trim(long timeMillis, RocksWriter writer) {
    byte[] from = RocksKeys.event(extent.trimmedZxid() + 1, 0);
    long kept = extent.events();
    try (RocksIterator iterator = database.iterator(HISTORY, latest)) {
      iterator.seek(from);
      while (iterator.isValid()
          && kept - extent.events() < TRIMMED_AT_ONCE_MAX
          && !limits.areKeptToSpareBy(extent, timeMillis)) {
        dropOldest(iterator, timeMillis);
      }
      RocksDatabase.check(iterator);
    }
    writer.deleteHistory(from, RocksKeys.event(extent.trimmedZxid() + 1, 0));
  }

  // A transaction with several rows loses all of them.
  private void dropOldest(RocksIterator iterator, long timeMillis) {
    long zxid;
    do {
      extent = extent.without(row(iterator));
      zxid = extent.trimmedZxid();
      iterator.next();
    } while (iterator.isValid() && row(iterator).firstZxid() == zxid);
    extent = extent.from(iterator.isValid() ? row(iterator).summary().timeMillis() : timeMillis);
  }

  private static HistoryRow row(RocksIterator iterator) {
    return new HistoryRow(iterator.key(), iterator.value());
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
    HistoryPageBuilder page = new HistoryPageBuilder(afterZxid, limit);
    try (RocksIterator iterator = database.iterator(HISTORY, options)) {
      iterator.seekForPrev(RocksKeys.event(afterZxid + 1, 0)); // A row may begin before it.
      if (!iterator.isValid()) {
        iterator.seekToFirst();
      }
      while (iterator.isValid() && page.add(row(iterator).events())) {
        iterator.next();
      }
      RocksDatabase.check(iterator);
    }
    return page.build(viewZxid);
  }
}
