package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One reader's hold on a {@link RocksSnapshot}. Thread-safe; closed when no thread reads from it
 * any more.
 */
final class RocksView implements StateStore.View {
  private final RocksSnapshot snapshot;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** A view on {@code snapshot}, which was held for it. */
  RocksView(RocksSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  @Override
  public long zxid() {
    return snapshot.head().zxid();
  }

  @Override
  public long timeMillis() {
    return snapshot.head().timeMillis();
  }

  @Override
  public Optional<Znode> find(ZnodePath path) {
    return tree().find(path);
  }

  @Override
  public boolean contains(ZnodePath path) {
    return tree().contains(path);
  }

  @Override
  public @Nullable ByteString data(ZnodePath path) {
    return tree().data(path);
  }

  @Override
  public ImmutableList<String> children(ZnodePath parent, String after, int limit) {
    return tree().children(parent, after, limit);
  }

  @Override
  public ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit) {
    return tree().descendants(ancestor, after, limit);
  }

  @Override
  public Optional<ServerRecord> server(int serverId) {
    return tree().server(serverId);
  }

  @Override
  public Optional<Session> session(long sessionId) {
    return tree().session(sessionId);
  }

  @Override
  public ImmutableList<Session> sessions() {
    return tree().sessions();
  }

  @Override
  public Optional<ByteString> reply(long sessionId, long cxid) {
    return tree().reply(sessionId, cxid);
  }

  @Override
  public ImmutableList<ZnodePath> ephemerals(long sessionId) {
    return tree().ephemerals(sessionId);
  }

  @Override
  public ImmutableList<ZnodePath> perishables(ZnodePath after, int limit) {
    return tree().perishables(after, limit);
  }

  @Override
  public HistoryPage history(long afterZxid, int limit) {
    return tree().history(afterZxid, limit);
  }

  @Override
  public StateView inMemory() {
    if (closed.get()) {
      throw new IllegalStateException("the view is closed");
    }
    return snapshot.inMemory();
  }

  // RocksDB would not throw but crash.
  private RocksTree tree() {
    if (closed.get()) {
      throw new IllegalStateException("the view is closed");
    }
    return snapshot.tree();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      snapshot.letGo();
    }
  }
}
