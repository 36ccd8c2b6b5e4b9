package io.quoll.statemachine.state;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state as one transaction sees it: a view, overlaid with the transaction's own changes.
 * Transactions nest: a log entry is one over the committed state, and each of its commands is one
 * over the entry's, merged into it only if the command is not rejected.
 *
 * <p>Confined to the apply thread.
 */
public final class StateTransaction implements StateView {
  private final StateView base;
  private long zxid;
  private long timeMillis;
  private final NavigableMap<ZnodePath, Row> rows = new TreeMap<>();
  private final Map<Integer, ServerRecord> servers = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();

  /**
   * Starts a transaction on top of {@code base}.
   *
   * @param zxid the zxid that every change of this transaction carries
   * @param timeMillis the time of the transaction, in milliseconds since 1970
   */
  public StateTransaction(StateView base, long zxid, long timeMillis) {
    this.base = base;
    this.zxid = zxid;
    this.timeMillis = timeMillis;
  }

  /** Whether this transaction changes the tree, and so has a zxid of its own. */
  public boolean changesTree() {
    return !rows.isEmpty();
  }

  @Override
  public long zxid() {
    return zxid;
  }

  @Override
  public long timeMillis() {
    return timeMillis;
  }

  @Override
  public Optional<Znode> find(ZnodePath path) {
    Row row = rows.get(path);
    return row == null ? base.find(path) : Optional.ofNullable(row.after());
  }

  @Override
  public @Nullable ByteString data(ZnodePath path) {
    Row row = rows.get(path);
    if (row == null || (row.after() != null && !row.dataWritten())) {
      return base.data(path);
    }
    return row.data();
  }

  @Override
  public ImmutableList<String> children(ZnodePath parent, String after, int limit) {
    List<ZnodePath> touched =
        rows.keySet().stream().filter(path -> isChild(path, parent)).collect(toImmutableList());
    TreeSet<String> names =
        new TreeSet<>(base.children(parent, after, Math.addExact(limit, touched.size())));
    for (ZnodePath path : touched) {
      if (!contains(path)) {
        names.remove(path.name());
      } else if (path.name().compareTo(after) > 0) {
        names.add(path.name());
      }
    }
    return names.stream().limit(limit).collect(toImmutableList());
  }

  private static boolean isChild(ZnodePath path, ZnodePath parent) {
    return path.depth() == parent.depth() + 1 && path.isBelow(parent);
  }

  @Override
  public ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit) {
    List<ZnodePath> touched =
        rows.tailMap(after, false).keySet().stream()
            .filter(path -> path.isBelow(ancestor))
            .collect(toImmutableList());
    TreeSet<ZnodePath> paths =
        new TreeSet<>(base.descendants(ancestor, after, Math.addExact(limit, touched.size())));
    for (ZnodePath path : touched) {
      if (contains(path)) {
        paths.add(path);
      } else {
        paths.remove(path);
      }
    }
    return paths.stream().limit(limit).collect(toImmutableList());
  }

  @Override
  public Optional<ServerRecord> server(int serverId) {
    ServerRecord record = servers.get(serverId);
    return record == null ? base.server(serverId) : Optional.of(record);
  }

  /** Adds the znode {@code znode} with {@code data} at {@code path}, where there is none. */
  public void create(ZnodePath path, Znode znode, @Nullable ByteString data) {
    rows.put(path, new Row(path, before(path), znode, true, data));
    changes.add(new Change.Created(path));
  }

  /** Replaces the data of the znode at {@code path}, which becomes {@code znode}. */
  public void setData(ZnodePath path, Znode znode, @Nullable ByteString data) {
    rows.put(path, new Row(path, before(path), znode, true, data));
    changes.add(new Change.DataSet(path));
  }

  /** Replaces the znode at {@code path}, whose data stays as it is. */
  public void update(ZnodePath path, Znode znode) {
    Row row = rows.get(path);
    rows.put(
        path,
        row == null
            ? new Row(path, before(path), znode, false, null)
            : new Row(path, row.before(), znode, row.dataWritten(), row.data()));
  }

  /** Removes the znode at {@code path}. */
  public void delete(ZnodePath path) {
    rows.put(path, new Row(path, before(path), null, true, null));
    changes.add(new Change.Deleted(path));
  }

  /** Replaces what is known of a server. */
  public void putServer(ServerRecord server) {
    servers.put(server.serverId(), server);
  }

  private @Nullable Znode before(ZnodePath path) {
    Row row = rows.get(path);
    return row == null ? base.find(path).orElse(null) : row.before();
  }

  /**
   * Takes over all changes of {@code inner}, a finished transaction on top of this one, and with
   * them its zxid and its time if it changes the tree.
   */
  public void merge(StateTransaction inner) {
    if (inner.changesTree()) {
      zxid = inner.zxid;
      timeMillis = inner.timeMillis;
    }
    for (Row row : inner.rows.values()) {
      rows.merge(row.path(), row, StateTransaction::mergeRows);
    }
    servers.putAll(inner.servers);
    changes.addAll(inner.changes);
  }

  private static Row mergeRows(Row outer, Row inner) {
    boolean innerData = inner.dataWritten();
    return new Row(
        outer.path(),
        outer.before(),
        inner.after(),
        innerData || outer.dataWritten(),
        innerData ? inner.data() : outer.data());
  }

  /** What happened to the tree so far, in the order in which it happened. */
  public ImmutableList<Change> changes() {
    return ImmutableList.copyOf(changes);
  }

  /** What stands at each path that was touched, in the order of the paths. */
  public ImmutableList<Row> rows() {
    return ImmutableList.copyOf(rows.values());
  }

  /** The records of the servers that were heard of, in the order of their numbers. */
  public ImmutableList<ServerRecord> servers() {
    return ImmutableList.copyOf(servers.values());
  }
}
