package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings the watches of a table up to date by the znodes as they are, where what happened is not
 * known any more. Confined to the owner of the table.
 */
final class Settlement {
  private static final int CHILDREN = WatchTable.bit(WatchMode.CHILDREN);

  private final WatchTable table;
  private final int modes;
  private final StateView view;
  private final long sinceZxid;

  private record Row(ZnodePath path, int modes, Watcher watcher) {}

  /**
   * Of what happened to the znodes of {@code view} after {@code sinceZxid}.
   *
   * @param modes the modes, as bits, of the watches that are brought up to date
   */
  Settlement(WatchTable table, int modes, StateView view, long sinceZxid) {
    this.table = table;
    this.modes = modes;
    this.view = view;
    this.sinceZxid = sinceZxid;
  }

  /** Tells all that is due, and drops the watches that send one event and sent it. */
  void settle() {
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    table.forEach(
        (path, held, watcher) -> {
          if ((held & modes) != 0) {
            rows.add(new Row(ZnodePath.of(path), held & modes, watcher));
          }
        });
    rows.build().forEach(this::settle);
  }

  private void settle(Row row) {
    ZxidRule.Due data = due(row, WatchTable.DATA_TABLE, ZxidRule.EITHER);
    ZxidRule.Due children = due(row, WatchTable.CHILD_TABLE, ZxidRule.CHILDREN);
    if (data.isDue()) {
      drop(row, WatchTable.DATA_TABLE);
    }
    if (children.isDue()) {
      drop(row, WatchTable.CHILD_TABLE);
    }
    tell(row, data.event(), children.event());
  }

  private void tell(Row row, @Nullable WatchEvent data, @Nullable WatchEvent children) {
    if (data != null) {
      table.tell(row.watcher(), data);
    }
    if (children != null && !isToldBy(data, children, row.modes())) {
      table.tell(row.watcher(), children);
    }
  }

  private ZxidRule.Due due(Row row, int hearing, ZxidRule rule) {
    return (row.modes() & hearing) == 0
        ? new ZxidRule.Due(false, null)
        : rule.due(view, row.path(), sinceZxid, row.watcher());
  }

  private void drop(Row row, int due) {
    int oneShots = row.modes() & due & WatchTable.ONE_SHOT;
    boolean unused = table.remove(row.path().value(), oneShots, row.watcher());
  }

  // A persistent watch may be on a path where there never was a znode, and hears once of a new one.
  private static boolean isToldBy(@Nullable WatchEvent data, WatchEvent children, int modes) {
    if (Objects.equals(data, children)) {
      return true;
    }
    if ((modes & CHILDREN) != 0) {
      return false;
    }
    return children.type() == WatchEvent.Type.NODE_DELETED
        || (data != null
            && data.type() == WatchEvent.Type.NODE_CREATED
            && data.zxid() == children.zxid());
  }
}
