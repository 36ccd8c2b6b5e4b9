package io.quoll.server.coordination;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;
import io.quoll.statemachine.store.TreeDigest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store of rows in memory, each state an immutable map. Counts its open views. Thread-safe. */
public final class FakeStore implements StateStore {
  private record State(long zxid, long timeMillis, ImmutableSortedMap<ZnodePath, Row> rows)
      implements View {
    @Override
    public Optional<Znode> find(ZnodePath path) {
      return Optional.ofNullable(rows.get(path)).map(Row::after);
    }

    @Override
    public @Nullable ByteString data(ZnodePath path) {
      Row row = rows.get(path);
      return row == null ? null : row.data();
    }

    @Override
    public ImmutableList<String> children(ZnodePath parent, String after, int limit) {
      return rows.keySet().stream()
          .filter(path -> path.depth() == parent.depth() + 1 && path.isBelow(parent))
          .map(ZnodePath::name)
          .filter(name -> name.compareTo(after) > 0)
          .limit(limit)
          .collect(toImmutableList());
    }

    @Override
    public ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit) {
      return rows.tailMap(after, false).keySet().stream()
          .filter(path -> path.isBelow(ancestor))
          .limit(limit)
          .collect(toImmutableList());
    }

    @Override
    public Optional<ServerRecord> server(int serverId) {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private final class CountedView implements View {
    private final State state;

    CountedView(State state) {
      this.state = state;
    }

    @Override
    public long zxid() {
      return state.zxid();
    }

    @Override
    public long timeMillis() {
      return state.timeMillis();
    }

    @Override
    public Optional<Znode> find(ZnodePath path) {
      if (failing) {
        throw new IllegalStateException("the disk is broken");
      }
      return state.find(path);
    }

    @Override
    public @Nullable ByteString data(ZnodePath path) {
      return state.data(path);
    }

    @Override
    public ImmutableList<String> children(ZnodePath parent, String after, int limit) {
      return state.children(parent, after, limit);
    }

    @Override
    public ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit) {
      return state.descendants(ancestor, after, limit);
    }

    @Override
    public Optional<ServerRecord> server(int serverId) {
      return state.server(serverId);
    }

    @Override
    public void close() {
      synchronized (FakeStore.this) {
        openViews--;
      }
    }
  }

  private State committed;
  private State published;
  private int openViews;
  private volatile boolean failing;
  private volatile boolean closed;

  /** The fresh tree. */
  public FakeStore() {
    ImmutableSortedMap.Builder<ZnodePath, Row> rows = ImmutableSortedMap.naturalOrder();
    Genesis.rows().forEach(row -> rows.put(row.path(), row));
    committed = new State(0, 0, rows.buildOrThrow());
    published = committed;
  }

  /** Lets every read from now on fail as a defect does. */
  public void failReads() {
    failing = true;
  }

  /** How many views were not closed yet. */
  public synchronized int openViews() {
    return openViews;
  }

  /** Whether the store was closed. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized StateView committed() {
    return committed;
  }

  @Override
  public synchronized void commit(StateTransaction transaction, Position position) {
    Map<ZnodePath, Row> rows = new TreeMap<>(committed.rows());
    for (Row row : transaction.rows()) {
      if (row.after() == null) {
        rows.remove(row.path());
      } else {
        rows.put(row.path(), withData(row, rows.get(row.path())));
      }
    }
    committed =
        new State(transaction.zxid(), transaction.timeMillis(), ImmutableSortedMap.copyOf(rows));
  }

  private static Row withData(Row row, @Nullable Row before) {
    if (row.dataWritten() || before == null) {
      return row;
    }
    return new Row(row.path(), row.before(), row.after(), true, before.data());
  }

  @Override
  public synchronized void publish() {
    published = committed;
  }

  @Override
  public synchronized View view() {
    openViews++;
    return new CountedView(published);
  }

  @Override
  public synchronized long publishedZxid() {
    return published.zxid();
  }

  @Override
  public Position position() {
    return Position.NONE;
  }

  @Override
  public Position durablePosition() {
    return Position.NONE;
  }

  @Override
  public synchronized TreeDigest digest() {
    return new TreeDigest(published.zxid(), published.rows().hashCode());
  }

  @Override
  public void flush() {}

  @Override
  public void checkpoint(Path directory) {
    throw new UnsupportedOperationException("nothing here lasts");
  }

  @Override
  public void install(Path checkpoint) {
    throw new UnsupportedOperationException("nothing here lasts");
  }

  @Override
  public long diskBytes() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
  }
}
