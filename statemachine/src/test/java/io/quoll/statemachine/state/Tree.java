package io.quoll.statemachine.state;

import static com.google.common.base.Preconditions.checkState;
import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Table;
import com.google.common.collect.TreeBasedTable;
import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A state in memory, for tests: plain maps and whole scans, to be right at a glance and not fast.
 * Takes over the rows of finished transactions, and objects to any that do not stand on it.
 */
public final class Tree implements StateView {
  /** The time of the znodes that {@link #tree} makes. */
  public static final long BIRTH_MILLIS = 1_000_000;

  private final NavigableMap<ZnodePath, Znode> znodes = new TreeMap<>();
  private final Map<ZnodePath, ByteString> data = new TreeMap<>();
  private final Map<Integer, ServerRecord> servers = new TreeMap<>();
  private final NavigableMap<Long, Session> sessions = new TreeMap<>();
  private final Table<Long, Long, ByteString> replies = TreeBasedTable.create();
  private long zxid;
  private long timeMillis;

  /** The fresh tree, and below it a znode without data at each of {@code paths}, in this order. */
  public static Tree tree(String... paths) {
    Tree tree = new Tree();
    Genesis.rows().forEach(tree::take);
    for (String path : paths) {
      tree.add(path, null);
    }
    return tree;
  }

  /** The path that {@code value} spells. */
  public static ZnodePath path(String value) {
    return ZnodePath.of(value);
  }

  /** The bytes of {@code text}. */
  public static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** Adds a znode, as a create does, at a zxid of its own. */
  public void add(String path, @Nullable ByteString data) {
    ZnodePath at = path(path);
    StateTransaction transaction = new StateTransaction(this, zxid + 1, BIRTH_MILLIS);
    transaction.create(at, Znode.createdAt(zxid + 1, BIRTH_MILLIS, data, Acl.OPEN), data, Acl.OPEN);
    transaction.update(at.parent(), require(at.parent()).withNewChild(zxid + 1));
    take(transaction);
  }

  /** Replaces a znode by hand, for what no command of a test could bring about. */
  public void replace(String path, UnaryOperator<Znode> change) {
    znodes.put(path(path), change.apply(require(path(path))));
  }

  /** Takes over what {@code transaction} changed. */
  public void take(StateTransaction transaction) {
    if (transaction.takesZxid()) {
      checkState(transaction.zxid() > zxid, "zxid %s after %s", transaction.zxid(), zxid);
      checkState(transaction.timeMillis() >= timeMillis, "the time went back");
      zxid = transaction.zxid();
      timeMillis = transaction.timeMillis();
    }
    transaction.rows().forEach(this::take);
    transaction.servers().forEach(server -> servers.put(server.serverId(), server));
    transaction.sessionRows().forEach(this::take);
    transaction.replies().forEach(this::take);
  }

  private void take(SessionRow row) {
    Session before = sessions.get(row.sessionId());
    checkState(Objects.equals(row.before(), before), "stands on another: %s", row);
    Session after = row.after();
    if (after == null) {
      sessions.remove(row.sessionId());
    } else {
      sessions.put(row.sessionId(), after);
    }
    replies
        .row(row.sessionId())
        .keySet()
        .removeIf(cxid -> after == null || !after.keepsReply(cxid));
  }

  private void take(SessionReply reply) {
    ByteString former = replies.put(reply.sessionId(), reply.cxid(), reply.bytes());
    checkState(former == null, "recorded twice: %s", reply);
  }

  private void take(Row row) {
    checkState(Objects.equals(row.before(), znodes.get(row.path())), "stands on another: %s", row);
    Znode after = row.after();
    if (after == null) {
      znodes.remove(row.path());
    } else {
      znodes.put(row.path(), after);
    }
    if (row.dataWritten()) {
      takeData(row.path(), row.data());
    }
  }

  private void takeData(ZnodePath path, @Nullable ByteString written) {
    if (written == null) {
      data.remove(path);
    } else {
      data.put(path, written);
    }
  }

  /** All znodes, in the order of their paths. */
  public ImmutableSortedMap<ZnodePath, Znode> znodes() {
    return ImmutableSortedMap.copyOf(znodes);
  }

  /** All that this state holds, to be compared with that of another. */
  public ImmutableList<Object> contents() {
    return ImmutableList.of(
        zxid,
        timeMillis,
        znodes(),
        ImmutableSortedMap.copyOf(data),
        ImmutableSortedMap.copyOf(servers),
        sessions(),
        ImmutableTable.copyOf(replies));
  }

  /** What a client sees of the znode at {@code path}. */
  public Stat stat(String path) {
    return require(path(path)).stat();
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
    return Optional.ofNullable(znodes.get(path));
  }

  @Override
  public @Nullable ByteString data(ZnodePath path) {
    return data.get(path);
  }

  @Override
  public ImmutableList<String> children(ZnodePath parent, String after, int limit) {
    return znodes.keySet().stream()
        .filter(path -> !path.isRoot() && path.parent().equals(parent))
        .map(ZnodePath::name)
        .filter(name -> name.compareTo(after) > 0)
        .limit(limit)
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit) {
    return znodes.keySet().stream()
        .filter(path -> path.isBelow(ancestor) && path.compareTo(after) > 0)
        .limit(limit)
        .collect(toImmutableList());
  }

  @Override
  public Optional<ServerRecord> server(int serverId) {
    return Optional.ofNullable(servers.get(serverId));
  }

  @Override
  public Optional<Session> session(long sessionId) {
    return Optional.ofNullable(sessions.get(sessionId));
  }

  @Override
  public ImmutableList<Session> sessions() {
    return ImmutableList.copyOf(sessions.values());
  }

  @Override
  public Optional<ByteString> reply(long sessionId, long cxid) {
    return Optional.ofNullable(replies.get(sessionId, cxid));
  }

  @Override
  public ImmutableList<ZnodePath> ephemerals(long sessionId) {
    return znodes.entrySet().stream()
        .filter(each -> each.getValue().kind().equals(new ZnodeKind.Ephemeral(sessionId)))
        .map(Map.Entry::getKey)
        .collect(toImmutableList());
  }
}
