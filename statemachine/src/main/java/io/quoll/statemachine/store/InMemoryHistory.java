package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.StateTransaction;
import java.util.ArrayList;
import java.util.List;

/**
 * The history as a plain list of rows, the oldest first. Confined to the apply thread while it is
 * appended to; a copy that nobody appends to is thread-safe.
 */
final class InMemoryHistory {
  private final HistoryLimits limits;
  private final List<HistoryRow> rows;
  private HistoryExtent extent;

  /** A history without events, which begins after {@code zxid}. */
  InMemoryHistory(HistoryLimits limits, long zxid) {
    this.limits = limits;
    rows = new ArrayList<>();
    extent = HistoryExtent.after(zxid);
  }

  /** A copy of {@code other} as it is now. */
  InMemoryHistory(InMemoryHistory other) {
    limits = other.limits;
    rows = new ArrayList<>(other.rows);
    extent = other.extent;
  }

  /** A history of {@code rows} after {@code trimmedZxid}. */
  InMemoryHistory(HistoryLimits limits, long trimmedZxid, List<HistoryRow> rows) {
    this(limits, trimmedZxid);
    add(rows);
  }

  long trimmedZxid() {
    return extent.trimmedZxid();
  }

  ImmutableList<HistoryRow> rows() {
    return ImmutableList.copyOf(rows);
  }

  void append(StateTransaction transaction) {
    int before = rows.size();
    add(HistoryRow.all(transaction.events()));
    if (limits.areExceededBy(extent, transaction.timeMillis())) {
      trim(transaction.timeMillis(), before);
    }
  }

  private void add(List<HistoryRow> added) {
    rows.addAll(added);
    for (HistoryRow row : added) {
      extent = extent.with(row);
    }
  }

  private void trim(long timeMillis, int rowsBefore) {
    long kept = extent.events();
    int dropped = 0;
    while (dropped < rowsBefore
        && kept - extent.events() < RocksHistory.TRIMMED_AT_ONCE_MAX
        && !limits.areKeptToSpareBy(extent, timeMillis)) {
      dropped += dropOldest(timeMillis, rowsBefore - dropped);
    }
  }

  private int dropOldest(long timeMillis, int rowsMax) {
    int dropped = 0;
    do {
      extent = extent.without(rows.get(dropped));
      dropped++;
    } while (dropped < rowsMax && rows.get(dropped).firstZxid() == extent.trimmedZxid());
    rows.subList(0, dropped).clear();
    extent = extent.from(dropped == rowsMax ? timeMillis : rows.get(0).summary().timeMillis());
    return dropped;
  }

  HistoryPage read(long viewZxid, long afterZxid, int limit) {
    if (afterZxid < trimmedZxid()) {
      return new HistoryPage.Trimmed(trimmedZxid());
    }
    HistoryPageBuilder page = new HistoryPageBuilder(afterZxid, limit);
    boolean wantsMore = true;
    for (int i = 0; i < rows.size() && wantsMore; i++) {
      wantsMore = page.add(rows.get(i).events());
    }
    return page.build(viewZxid);
  }
}
