package io.quoll.statemachine.state;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

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
  private final List<Event> events = new ArrayList<>();
  private final SessionOverlay sessions;
  private final long callerSession;
  private final Identities identities;
  private boolean sessionsChanged;
  private final Quotas quotas = new Quotas(this);
  private @Nullable Boolean hasQuotas; // Null while it is not known.

  /**
   * Starts a transaction on top of {@code base}.
   *
   * @param zxid the zxid that every change of this transaction carries
   * @param timeMillis the time of the transaction, in milliseconds since 1970
   */
  public StateTransaction(StateView base, long zxid, long timeMillis) {
    this(base, zxid, timeMillis, 0, Identities.NONE);
  }

  /**
   * Starts a transaction on top of {@code base}, on behalf of a caller.
   *
   * @param callerSession the session that owns the ephemeral znodes that are created, or 0 for none
   * @param identities who the caller has proved to be
   */
  public StateTransaction(
      StateView base, long zxid, long timeMillis, long callerSession, Identities identities) {
    this.base = base;
    this.zxid = zxid;
    this.timeMillis = timeMillis;
    this.callerSession = callerSession;
    this.identities = identities;
    sessions = new SessionOverlay(base);
  }

  /** The session on whose behalf this transaction is, or 0. */
  public long callerSession() {
    return callerSession;
  }

  /** Who the caller of this transaction has proved to be; judges what he may do. */
  public Identities caller() {
    return identities;
  }

  /**
   * Whether this transaction changes what clients see, the tree or which sessions there are and who
   * holds them, and so has a zxid of its own. The records of servers and of replies are no such
   * changes.
   */
  public boolean takesZxid() {
    return !rows.isEmpty() || sessionsChanged;
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

  @Override
  public Optional<Session> session(long sessionId) {
    return sessions.find(sessionId);
  }

  @Override
  public ImmutableList<Session> sessions() {
    return sessions.all();
  }

  @Override
  public Optional<ByteString> reply(long sessionId, long cxid) {
    return sessions.reply(sessionId, cxid);
  }

  @Override
  public ImmutableList<ZnodePath> ephemerals(long sessionId) {
    return sessions.ephemerals(sessionId);
  }

  /**
   * Adds the znode {@code znode} with {@code data} at {@code path}, where there is none; rejects
   * the request with {@code LIMIT_EXCEEDED} beyond {@link Znode#DATA_BYTES_MAX}, and with {@code
   * QUOTA_EXCEEDED} beyond the quota of a subtree that it is in.
   *
   * @param parentAcl the ACL of its parent
   */
  public void create(ZnodePath path, Znode znode, @Nullable ByteString data, Acl parentAcl) {
    requireFits(path, data);
    quotas.note(path, 1, znode.dataBytes());
    put(path, new Row(path, before(path), znode, true, data));
    sessions.note(path, znode, true);
    record(new Change.Created(path, znode.acl(), parentAcl));
  }

  /**
   * Replaces the data of the znode at {@code path}, which becomes {@code znode}; rejects the
   * request with {@code LIMIT_EXCEEDED} beyond {@link Znode#DATA_BYTES_MAX}, and with {@code
   * QUOTA_EXCEEDED} beyond the quota of a subtree that it is in.
   */
  public void setData(ZnodePath path, Znode znode, @Nullable ByteString data) {
    requireFits(path, data);
    quotas.note(path, 0, 0L + znode.dataBytes() - require(path).dataBytes());
    put(path, new Row(path, before(path), znode, true, data));
    record(new Change.DataSet(path, znode.acl()));
  }

  /** As {@link #setData}, where that is part of how the tree begins, and no event. */
  public void seed(ZnodePath path, Znode znode, @Nullable ByteString data) {
    rows.put(path, new Row(path, before(path), znode, true, data));
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
    put(
        path,
        row == null
            ? new Row(path, before(path), znode, false, null)
            : new Row(path, row.before(), znode, row.dataWritten(), row.data()));
  }

  /** Removes the znode at {@code path}, which is there, and whose parent has {@code parentAcl}. */
  public void delete(ZnodePath path, Acl parentAcl) {
    Row row = rows.get(path);
    Znode before = before(path);
    Znode znode = requireNonNull(row == null ? before : row.after(), "there is nothing to delete");
    quotas.note(path, -1, -znode.dataBytes());
    put(path, new Row(path, before, null, true, null));
    sessions.note(path, znode, false);
    record(new Change.Deleted(path, znode.acl(), parentAcl));
  }

  /**
   * Replaces the data of the znode at {@code path}, which is there, without a trace in its stat and
   * in the history: of the accounts that the ensemble itself keeps.
   */
  void putUnnoticed(ZnodePath path, ByteString data) {
    put(path, new Row(path, before(path), require(path).withUnnoticedData(data), true, data));
  }

  private void put(ZnodePath path, Row row) {
    rows.put(path, row);
    if (path.equals(Genesis.QUOTA)) {
      hasQuotas = null;
    }
  }

  /** The quotas, to be changed along with the rest. */
  public Quotas quotas() {
    return quotas;
  }

  @Override
  public boolean hasQuotas() {
    Boolean known = hasQuotas;
    if (known == null) { // Every write asks.
      known = rows.containsKey(Genesis.QUOTA) ? StateView.super.hasQuotas() : base.hasQuotas();
      hasQuotas = known;
    }
    return known;
  }

  /** The soft limits of quotas that were crossed, in the order in which it happened. */
  public ImmutableList<QuotaAlarm> quotaAlarms() {
    return ImmutableList.copyOf(quotas.alarms());
  }

  private void record(Change change) {
    events.add(new Event(zxid, timeMillis, change));
  }

  /** Opens or attaches a session: {@code session} is what it is from now on. */
  public void putSession(Session session) {
    sessions.put(session);
    sessionsChanged = true;
  }

  /** Removes a session with its replies; its ephemeral znodes are the caller's to delete. */
  public void removeSession(long sessionId) {
    sessions.remove(sessionId);
    sessionsChanged = true;
  }

  /**
   * Records the reply to the next numbered write of a session, and drops those that need not be
   * kept any longer. Does nothing where the write itself removed the session.
   */
  public void recordReply(long sessionId, long firstUnacknowledgedCxid, ByteString bytes) {
    sessions
        .find(sessionId)
        .map(session -> session.acknowledged(firstUnacknowledgedCxid).withNextWrite())
        .ifPresent(
            session -> {
              sessions.put(session);
              sessions.putReply(new SessionReply(sessionId, session.lastCxid(), bytes));
            });
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
   * them its zxid and its time if it takes a zxid.
   */
  public void merge(StateTransaction inner) {
    if (inner.takesZxid()) {
      zxid = inner.zxid;
      timeMillis = inner.timeMillis;
    }
    for (Row row : inner.rows.values()) {
      rows.merge(row.path(), row, StateTransaction::mergeRows);
    }
    servers.putAll(inner.servers);
    sessions.merge(inner.sessions);
    sessionsChanged |= inner.sessionsChanged;
    events.addAll(inner.events);
    quotas.alarms().addAll(inner.quotas.alarms());
    if (inner.rows.containsKey(Genesis.QUOTA)) {
      hasQuotas = null;
    }
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
    ImmutableList.Builder<Change> changes = ImmutableList.builderWithExpectedSize(events.size());
    for (Event event : events) {
      changes.add(event.change());
    }
    return changes.build();
  }

  /** What happened to the tree so far with the zxids of each, in the order in which it happened. */
  public ImmutableList<Event> events() {
    return ImmutableList.copyOf(events);
  }

  /** What became of each session that was touched, in the order of their ids. */
  public ImmutableList<SessionRow> sessionRows() {
    return sessions.rows();
  }

  /** The replies that were recorded and are still kept, by session and by number. */
  public ImmutableList<SessionReply> replies() {
    return sessions.replies();
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
