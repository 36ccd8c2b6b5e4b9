package io.quoll.statemachine.state;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
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
    ZnodePath from = parent.lowerBoundOfChildrenAfter(after);
    ZnodePath to = parent.upperBoundBelow(parent.depth() + 1);
    return from.compareTo(to) < 0
        ? overlaid(
            rows.subMap(from, false, to, false).values(),
            row -> row.path().name(),
            most -> base.children(parent, after, most),
            limit)
        : ImmutableList.of();
  }

  @Override
  public ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit) {
    return overlaid(
        touchedBelow(ancestor, after),
        Row::path,
        most -> base.descendants(ancestor, after, most),
        limit);
  }

  // Goes from depth to depth and looks only at the rows below the ancestor, since an entry may hold
  // thousands of rows elsewhere.
  private List<Row> touchedBelow(ZnodePath ancestor, ZnodePath after) {
    List<Row> touched = new ArrayList<>();
    ZnodePath start = later(after, ancestor.lowerBoundBelow(ancestor.depth() + 1));
    ZnodePath next = rows.higherKey(start);
    while (next != null) {
      int depth = next.depth();
      ZnodePath from = later(start, ancestor.lowerBoundBelow(depth));
      ZnodePath to = ancestor.upperBoundBelow(depth);
      if (from.compareTo(to) < 0) {
        touched.addAll(rows.subMap(from, false, to, false).values());
      }
      next = rows.ceilingKey(ancestor.lowerBoundBelow(depth + 1));
    }
    return touched;
  }

  private static ZnodePath later(ZnodePath one, ZnodePath other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  // The base is asked for as many more as rows hide, so that the limit can be filled all the same.
  private static <T extends Comparable<T>> ImmutableList<T> overlaid(
      Collection<Row> touched,
      Function<Row, T> key,
      IntFunction<ImmutableList<T>> base,
      int limit) {
    long hidden = touched.stream().filter(row -> row.after() == null).count();
    TreeSet<T> found = new TreeSet<>(base.apply(Ints.saturatedCast(limit + hidden)));
    for (Row row : touched) {
      if (row.after() == null) {
        found.remove(key.apply(row));
      } else {
        found.add(key.apply(row));
      }
    }
    return found.stream().limit(limit).collect(toImmutableList());
  }

  @Override
  public Optional<ServerRecord> server(int serverId) {
    ServerRecord record = servers.get(serverId);
    return record == null ? base.server(serverId) : Optional.of(record);
  }

  /**
   * Adds the znode {@code znode} with {@code data} at {@code path}, where there is none; rejects
   * the request with {@code LIMIT_EXCEEDED} beyond {@link Znode#DATA_BYTES_MAX}.
   */
  public void create(ZnodePath path, Znode znode, @Nullable ByteString data) {
    requireFits(path, data);
    rows.put(path, new Row(path, before(path), znode, true, data));
    changes.add(new Change.Created(path));
  }

  /**
   * Replaces the data of the znode at {@code path}, which becomes {@code znode}; rejects the
   * request with {@code LIMIT_EXCEEDED} beyond {@link Znode#DATA_BYTES_MAX}.
   */
  public void setData(ZnodePath path, Znode znode, @Nullable ByteString data) {
    requireFits(path, data);
    rows.put(path, new Row(path, before(path), znode, true, data));
    changes.add(new Change.DataSet(path));
  }

  private static void requireFits(ZnodePath path, @Nullable ByteString data) {
    if (data != null && data.size() > Znode.DATA_BYTES_MAX) {
      throw new Rejection(
          ErrorCode.LIMIT_EXCEEDED,
          path,
          "the data for " + path + " is longer than " + Znode.DATA_BYTES_MAX + " bytes");
    }
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
