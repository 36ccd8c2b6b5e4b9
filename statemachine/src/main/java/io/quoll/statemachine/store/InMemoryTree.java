package io.quoll.statemachine.store;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Table;
import com.google.common.collect.TreeBasedTable;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.SessionReply;
import io.quoll.statemachine.state.SessionRow;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodeKind;
import io.quoll.statemachine.state.ZnodePath;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A whole state as sorted maps. Confined to the apply thread while it is applied to; a copy that
 * nobody applies to is thread-safe.
 */
final class InMemoryTree implements StateStore.View {
  /** A znode with its data. */
  record Entry(Znode znode, @Nullable ByteString data) {}

  private final NavigableMap<ZnodePath, Entry> znodes;
  private final NavigableMap<Integer, ServerRecord> servers;
  private final NavigableMap<Long, Session> sessions;
  private final Table<Long, Long, SessionReply> replies;
  private final InMemoryHistory history;
  private StoreHead head;

  /** A tree without a znode, not even the root. */
  InMemoryTree(StoreHead head, InMemoryHistory history) {
    znodes = new TreeMap<>();
    servers = new TreeMap<>();
    sessions = new TreeMap<>();
    replies = TreeBasedTable.create();
    this.history = history;
    this.head = head;
  }

  /** A copy of {@code other} as it is now. */
  InMemoryTree(InMemoryTree other) {
    znodes = new TreeMap<>(other.znodes);
    servers = new TreeMap<>(other.servers);
    sessions = new TreeMap<>(other.sessions);
    replies = TreeBasedTable.create();
    replies.putAll(other.replies);
    history = new InMemoryHistory(other.history);
    head = other.head;
  }

  StoreHead head() {
    return head;
  }

  NavigableMap<ZnodePath, Entry> znodes() {
    return znodes;
  }

  NavigableMap<Integer, ServerRecord> servers() {
    return servers;
  }

  NavigableMap<Long, Session> sessionsById() {
    return sessions;
  }

  Table<Long, Long, SessionReply> replies() {
    return replies;
  }

  InMemoryHistory history() {
    return history;
  }

  void apply(StateTransaction transaction, Position position) {
    long digestChange = 0;
    for (Row row : transaction.rows()) {
      digestChange += EncodedRow.of(row).digestChange();
    }
    head = head.after(transaction, position, digestChange);
    putRows(transaction.rows());
    for (ServerRecord server : transaction.servers()) {
      servers.put(server.serverId(), server);
    }
    putSessions(transaction);
    history.append(transaction);
  }

  private void putSessions(StateTransaction transaction) {
    for (SessionRow row : transaction.sessionRows()) {
      if (row.after() == null) {
        sessions.remove(row.sessionId());
      } else {
        sessions.put(row.sessionId(), row.after());
      }
    }
    for (SessionReply reply : transaction.replies()) {
      replies.put(reply.sessionId(), reply.cxid(), reply);
    }
    replies.values().removeIf(reply -> !keepsReply(reply.sessionId(), reply.cxid()));
  }

  private boolean keepsReply(long sessionId, long cxid) {
    return session(sessionId).filter(session -> session.keepsReply(cxid)).isPresent();
  }

  void putRows(List<Row> rows) {
    for (Row row : rows) {
      Znode after = row.after();
      if (after == null) {
        znodes.remove(row.path());
      } else {
        ByteString data = row.dataWritten() ? row.data() : data(row.path());
        znodes.put(row.path(), new Entry(after, data));
      }
    }
  }

  @Override
  public long zxid() {
    return head.zxid();
  }

  @Override
  public long timeMillis() {
    return head.timeMillis();
  }

  @Override
  public Optional<Znode> find(ZnodePath path) {
    return Optional.ofNullable(znodes.get(path)).map(Entry::znode);
  }

  @Override
  public @Nullable ByteString data(ZnodePath path) {
    Entry entry = znodes.get(path);
    return entry == null ? null : entry.data();
  }

  @Override
  public ImmutableList<String> children(ZnodePath parent, String after, int limit) {
    return znodes.tailMap(parent, false).keySet().stream()
        .filter(path -> path.depth() == parent.depth() + 1 && path.isBelow(parent))
        .map(ZnodePath::name)
        .filter(name -> name.compareTo(after) > 0)
        .limit(limit)
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit) {
    return znodes.tailMap(after, false).keySet().stream()
        .filter(path -> path.isBelow(ancestor))
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
    return Optional.ofNullable(replies.get(sessionId, cxid)).map(SessionReply::bytes);
  }

  @Override
  public ImmutableList<ZnodePath> ephemerals(long sessionId) {
    return znodes.entrySet().stream()
        .filter(each -> each.getValue().znode().kind().equals(new ZnodeKind.Ephemeral(sessionId)))
        .map(Map.Entry::getKey)
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<ZnodePath> perishables(ZnodePath after, int limit) {
    return znodes.tailMap(after, false).entrySet().stream()
        .filter(each -> each.getValue().znode().isPerishable())
        .map(Map.Entry::getKey)
        .limit(limit)
        .collect(toImmutableList());
  }

  @Override
  public HistoryPage history(long afterZxid, int limit) {
    return history.read(zxid(), afterZxid, limit);
  }

  @Override
  public StateView inMemory() {
    return this;
  }

  @Override
  public void close() {}
}
