package io.quoll.statemachine.store;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.util.List;
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
  private StoreHead head;

  /** A tree without a znode, not even the root. */
  InMemoryTree(StoreHead head) {
    znodes = new TreeMap<>();
    servers = new TreeMap<>();
    this.head = head;
  }

  /** A copy of {@code other} as it is now. */
  InMemoryTree(InMemoryTree other) {
    znodes = new TreeMap<>(other.znodes);
    servers = new TreeMap<>(other.servers);
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
  public void close() {}
}
