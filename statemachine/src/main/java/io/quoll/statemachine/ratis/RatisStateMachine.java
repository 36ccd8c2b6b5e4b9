package io.quoll.statemachine.ratis;

import static com.google.common.base.Preconditions.checkState;
import static com.google.common.collect.ImmutableList.toImmutableList;

import io.quoll.statemachine.codec.EntryCodec;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.MembershipChange;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * The state machine as Ratis drives it. Ratis calls {@link #applyTransaction} from one thread,
 * entry by entry; that thread owns the store.
 *
 * <p>The store is the snapshot: what Ratis is told of is the position up to which the store is on
 * disk, so that after a restart it applies the log from there on. Copies for other replicas are in
 * the {@link SnapshotDirectory}. (ADR 0005, ADR 0006.)
 */
public final class RatisStateMachine extends BaseStateMachine {
  /** The bytes of the largest log entry; Ratis makes a leader step down at 4 MB. */
  public static final int ENTRY_BYTES_MAX = 3 * 1024 * 1024;

  private final StateStore store;
  private final SnapshotDirectory snapshots;
  private final AppliedListener listener;
  private final ReplicaEvents events;
  private final AtomicLong bytesSinceSnapshot = new AtomicLong();
  private volatile TermIndex durable;
  private volatile int leaderId;

  // The last that was told; a snapshot tells it by another thread than entries do.
  private volatile @Nullable Agreed agreed;

  /** The members by the entry at {@code index}. */
  private record Agreed(long index, Membership members) {}

  /** A state machine over {@code store}, which stays the caller's to close. */
  public RatisStateMachine(
      StateStore store,
      SnapshotDirectory snapshots,
      AppliedListener listener,
      ReplicaEvents events) {
    this.store = store;
    this.snapshots = snapshots;
    this.listener = listener;
    this.events = events;
    this.durable = termIndex(store.durablePosition());
    setLastAppliedTermIndex(termIndex(store.position()));
  }

  /** The bytes of the log entries applied since the last snapshot. Thread-safe. */
  public long bytesSinceSnapshot() {
    return bytesSinceSnapshot.get();
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    getLifeCycle().startAndTransition(() -> setLastAppliedTermIndex(termIndex(store.position())));
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    TransactionContext transaction = super.startTransaction(request);
    int bytes = request.getMessage().size();
    // Refused here, a request costs nothing; refused later, it would cost the leader its place.
    if (bytes > ENTRY_BYTES_MAX) {
      transaction.setException(
          new IOException("a log entry has at most " + ENTRY_BYTES_MAX + " bytes, not " + bytes));
    }
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    if (getLifeCycleState() != LifeCycle.State.RUNNING) {
      // A snapshot is about to replace the store, and covers this entry.
      return CompletableFuture.failedFuture(new IllegalStateException("paused"));
    }
    try {
      Position position = new Position(entry.getTerm(), entry.getIndex());
      events.onAgreed(position);
      apply(position, entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
    } catch (Throwable failure) { // A replica that is not sure stops.
      events.onFailure("could not apply log entry " + entry.getIndex(), failure);
      return CompletableFuture.failedFuture(failure);
    }
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  private void apply(Position position, ByteBuffer bytes) {
    requireNext(position);
    bytesSinceSnapshot.addAndGet(bytes.remaining());
    LogEntry entry = EntryCodec.decode(bytes, position.term());
    EntryOutcome outcome =
        EntryOutcome.of(entry, store.committed(), ReplyCodec::encode, listener::onApplied);
    commit(outcome, position);
  }

  private void commit(EntryOutcome outcome, Position position) {
    store.commit(outcome.transaction(), position);
    listener.onCommitted(outcome);
    store.publish();
    listener.onPublished(outcome);
  }

  /** Every entry of the log is seen once, here or as one of Ratis' own, and none is left out. */
  private void requireNext(Position position) {
    checkState(
        position.index() == store.position().index() + 1,
        "log entry %s follows %s",
        position,
        store.position());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Comes before {@link #notifyTermIndexUpdated} for the same entry, which it is applied by; or
   * along with a snapshot, which holds what it changed.
   */
  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    if (configuration.getOldPeersCount() > 0 || configuration.getOldListenersCount() > 0) {
      return; // The change is under way.
    }
    Membership members =
        new Membership(
            Stream.concat(
                    configuration.getPeersList().stream().map(peer -> member(peer, false)),
                    configuration.getListenersList().stream().map(peer -> member(peer, true)))
                .collect(toImmutableList()));
    agreed = new Agreed(index, members);
    events.onMembers(members, index);
  }

  private static Member member(RaftPeerProto peer, boolean observer) {
    return new Member(
        Integer.parseInt(peer.getId().toStringUtf8()),
        peer.getAddress(),
        peer.getClientAddress(),
        observer);
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    try {
      Position position = new Position(term, index);
      requireNext(position);
      Agreed members = agreed;
      if (members != null && members.index() == index) {
        commit(MembershipChange.of(members.members(), store.committed()), position);
      } else {
        StateTransaction nothing =
            new StateTransaction(
                store.committed(), store.committed().zxid(), store.committed().timeMillis());
        store.commit(nothing, position);
      }
    } catch (Throwable failure) {
      events.onFailure("could not pass log entry " + index, failure);
      throw failure;
    }
    super.notifyTermIndexUpdated(term, index);
  }

  /**
   * Does most of the work of the next snapshot, while entries are applied, so that they wait for
   * less of it. Thread-safe.
   */
  public void prepareSnapshot() {
    store.flushAhead();
  }

  @Override
  public long takeSnapshot() throws IOException {
    if (store.position().index() < 0) {
      return RaftLog.INVALID_LOG_INDEX; // Nothing was applied yet.
    }
    try {
      long start = System.nanoTime();
      Position position = snapshots.take(store);
      events.onSnapshotTaken(System.nanoTime() - start);
      durable = termIndex(position);
      bytesSinceSnapshot.set(0);
      return position.index();
    } catch (UncheckedIOException failure) {
      events.onLogFailure(failure);
      throw failure.getCause();
    }
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    TermIndex position = durable;
    return position.getIndex() < 0 ? null : new StoreSnapshot(position);
  }

  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex firstInLog) {
    if (store.position().index() + 1 >= firstInLog.getIndex()) {
      return CompletableFuture.completedFuture(null); // The leader's log is enough.
    }
    // Not that of the role: one that joins knows no members yet, and Ratis names only those.
    return events.fetchSnapshot(leaderId).thenApply(RatisStateMachine::termIndex);
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    try {
      snapshots.takeOverReceived(store, listener::onRestoring);
    } catch (Throwable failure) {
      events.onFailure("could not take over a received snapshot", failure);
      throw failure;
    }
    setLastAppliedTermIndex(termIndex(store.position()));
    durable = termIndex(store.durablePosition());
    bytesSinceSnapshot.set(0);
    getLifeCycle().startAndTransition(() -> listener.onRestored(store.publishedZxid()));
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    leaderId = Integer.parseInt(leader.toString());
    events.onLeaderChanged(leaderId);
  }

  @Override
  public void notifyLeaderReady() {
    events.onLeaderReady();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    events.onNotLeader();
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    events.onLogFailure(cause);
  }

  @Override
  public void close() {
    events.onClosed();
  }

  private static TermIndex termIndex(Position position) {
    return TermIndex.valueOf(position.term(), position.index());
  }

  /** Tells Ratis how far the store is on disk; it has no files that Ratis would handle. */
  private record StoreSnapshot(TermIndex position) implements SnapshotInfo {
    @Override
    public TermIndex getTermIndex() {
      return position;
    }

    @Override
    public List<FileInfo> getFiles() {
      return List.of();
    }
  }
}
