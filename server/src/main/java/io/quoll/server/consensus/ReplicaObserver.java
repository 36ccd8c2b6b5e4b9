package io.quoll.server.consensus;

import io.quoll.server.consensus.Outstanding.Completion;
import io.quoll.server.coordination.Consensus.SnapshotTaken;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.ratis.ReplicaEvents;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the state machine: answers the proposals that it applied, wakes the proposer when
 * something changed for it, and ends the process when the replica cannot go on.
 */
final class ReplicaObserver implements AppliedListener, ReplicaEvents {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaObserver.class);

  private final int serverId;
  private final long incarnation;
  private final StateStore store;
  private final AppliedListener listener;
  private final Outstanding outstanding;
  private final SnapshotFetcher fetcher;
  private final ReplicaMeter meter;
  private final InstantSource clock;
  private final FatalHandler fatal;
  private volatile @Nullable Proposer proposer;
  private volatile IntConsumer followLeader = leaderId -> {};
  private volatile Consumer<Position> tellCommitted = position -> {};
  private volatile ObjLongConsumer<Membership> lookAtMembers = (members, index) -> {};
  private volatile Runnable explainClose;
  private volatile int leaderId;
  private volatile boolean closing;

  ReplicaObserver(
      NodeIdentity identity,
      StateStore store,
      AppliedListener listener,
      Outstanding outstanding,
      SnapshotFetcher fetcher,
      ReplicaMeter meter,
      InstantSource clock,
      FatalHandler fatal) {
    this.serverId = identity.serverId();
    this.incarnation = identity.incarnation();
    this.store = store;
    this.listener = listener;
    this.outstanding = outstanding;
    this.fetcher = fetcher;
    this.meter = meter;
    this.clock = clock;
    this.fatal = fatal;
    this.explainClose =
        () -> fatal.halt(ExitCode.REPLICA_FAILED, "Ratis has closed this replica", null);
  }

  /**
   * Who is to look at the members that are agreed on and the index of the entry, and to end the
   * process when Ratis has closed the replica.
   */
  void setMembership(ObjLongConsumer<Membership> look, Runnable onClosed) {
    lookAtMembers = look;
    explainClose = onClosed;
  }

  /** Whom to wake from now on. */
  void setProposer(Proposer proposer) {
    this.proposer = proposer;
  }

  /** Who tells the others of what this replica hears is committed. */
  void setCommitFeed(CommitFeed commits) {
    tellCommitted = commits::tell;
  }

  /** Who is to hear, of the leader, what is committed. */
  void setCommitFollower(CommitFollower follower) {
    followLeader = leader -> follower.follow(leader == serverId ? 0 : leader);
    followLeader.accept(leaderId); // It may have been learned before.
  }

  /** Makes {@link #onClosed} mean nothing: the replica is being closed in order. */
  void expectClose() {
    closing = true;
  }

  /** A batch came from another member. */
  void onArrival() {
    tell(Proposer::bring);
  }

  private void wake() {
    tell(Proposer::wake);
  }

  private void tell(Consumer<Proposer> what) {
    Proposer told = proposer;
    if (told != null) {
      what.accept(told);
    }
  }

  @Override
  public void onAgreed(Position position) {
    tellCommitted.accept(position);
    outstanding.onAgreed();
  }

  @Override
  public void onApplied(Origin origin, long sequence, StateView state) {
    outstanding.applying(origin, sequence, state);
  }

  @Override
  public void onCommitted(EntryOutcome outcome) {
    listener.onCommitted(outcome);
  }

  @Override
  public void onPublished(EntryOutcome outcome) {
    listener.onPublished(outcome);
    answer(outstanding.applied(outcome.applied()));
    tell(Proposer::applied);
  }

  private void answer(List<Completion> completions) {
    completions.forEach(each -> each.reply().complete(each.value()));
  }

  @Override
  public void onRestoring(StateStore.View snapshot) {
    listener.onRestoring(snapshot);
  }

  @Override
  public void onRestored(long zxid) {
    listener.onRestored(zxid);
    Optional<ServerRecord> me = store.committed().server(serverId);
    if (me.isPresent() && me.get().incarnation() == incarnation) {
      answer(outstanding.appliedUnseen(me.get().lastSequence(), store.committed()));
    }
    wake();
  }

  @Override
  public void onLeaderChanged(int leader) {
    meter.leaderChanged();
    if (leader != serverId) {
      LOG.info("Server {} is the leader", leader);
    }
    leaderId = leader;
    followLeader.accept(leader);
    wake();
  }

  @Override
  public void onLeaderReady() {
    meter.becameLeader();
    LOG.info("This server is the leader");
    wake();
  }

  @Override
  public void onNotLeader() {
    LOG.info("This server is no longer the leader");
    wake();
  }

  @Override
  public void onMembers(Membership members, long index) {
    lookAtMembers.accept(members, index);
  }

  @Override
  public CompletableFuture<Position> fetchSnapshot(int leaderId) {
    long start = System.nanoTime();
    return fetcher
        .fetch(leaderId)
        .whenComplete(
            (position, failure) ->
                meter.fetchedSnapshot(failure != null, System.nanoTime() - start));
  }

  @Override
  public void onSnapshotTaken(long nanos) {
    meter.tookSnapshot(new SnapshotTaken(store.publishedZxid(), clock.millis()), nanos);
  }

  @Override
  public void onFailure(String message, Throwable cause) {
    ExitCode code =
        cause instanceof UncheckedIOException ? ExitCode.STORAGE_FAILED : ExitCode.REPLICA_FAILED;
    fatal.halt(code, message, cause);
  }

  @Override
  public void onLogFailure(Throwable cause) {
    fatal.halt(ExitCode.STORAGE_FAILED, "the disk is full or fails", cause);
  }

  @Override
  public void onClosed() {
    if (!closing) {
      explainClose.run();
    }
  }
}
