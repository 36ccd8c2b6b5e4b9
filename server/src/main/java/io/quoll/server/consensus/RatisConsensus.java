package io.quoll.server.consensus;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Throwables;
import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import io.quoll.server.consensus.MemberMessages.Asked;
import io.quoll.server.consensus.MemberMessages.Profile;
import io.quoll.server.consensus.PeerMessages.Acquaintance;
import io.quoll.server.consensus.PeerMessages.Introduction;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.server.coordination.HeldSnapshot;
import io.quoll.server.coordination.Measurements;
import io.quoll.server.coordination.MemberOutcome;
import io.quoll.server.coordination.MemberRequest;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.coordination.TouchReceiver;
import io.quoll.server.coordination.TouchReport;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.server.coordination.WriteTracing;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.RegisterServer;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.ratis.RatisStateMachine;
import io.quoll.statemachine.ratis.SnapshotDirectory;
import io.quoll.statemachine.ratis.SnapshotDirectory.Snapshot;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.store.RocksStore;
import io.quoll.statemachine.store.StateStore;
import io.quoll.statemachine.store.TreeDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Consensus} on Ratis: one Raft group of all members, one state machine over the store. A
 * command goes from {@link Outstanding} by the {@link Proposer} into the log, here or at the
 * leader, and comes back by this replica's own apply. (ADR 0003, ADR 0004.)
 */
public final class RatisConsensus implements Consensus, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RatisConsensus.class);
  private static final long STANDING_MILLIS = 1500;
  private static final long REGISTER_DAYS = 365;
  private static final long HAND_OVER_MILLIS = 2000;
  private static final long BARRIER_SECONDS = 10;
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final ConsensusConfig config;
  private final StateStore store;
  private final AppliedListener listener;
  private final FatalHandler fatal;
  private final PeerChannels channels;
  private final Barriers barriers;
  private final ExecutorService workers =
      Executors.newCachedThreadPool(task -> daemon(task, "quoll-consensus-worker"));
  private final ExecutorService replies =
      Executors.newSingleThreadExecutor(task -> daemon(task, "quoll-replies"));
  private final ReplicaMeter meter = new ReplicaMeter();
  private volatile WriteTracing tracing = WriteTracing.OFF;
  private volatile @Nullable Running running;

  /** Whether this server has been a member since it started, so that it can be removed. */
  private volatile boolean settled;

  private volatile TouchReceiver touchReceiver =
      report -> {
        throw noLeader();
      };

  /** The parts that there are once the node takes part. */
  private record Running(
      RaftNode node,
      Replica replica,
      RatisStateMachine stateMachine,
      SnapshotDirectory snapshots,
      Outstanding outstanding,
      Inbox inbox,
      Proposer proposer,
      CommitFollower follower,
      Watchdog watchdog,
      ElectionWatch elections,
      MemberChanger changer,
      MemberInquiry inquiry,
      ReplicaObserver observer) {}

  /**
   * A replica that does not take part yet.
   *
   * @param store the state, opened; stays the caller's to close, once this is closed
   * @param listener hears of what is applied, before its replies go out
   * @param fatal ends the process when the replica cannot go on
   */
  public RatisConsensus(
      ConsensusConfig config, StateStore store, AppliedListener listener, FatalHandler fatal) {
    this.config = config;
    this.store = store;
    this.listener = listener;
    this.fatal = fatal;
    this.channels = new PeerChannels(config);
    this.barriers = new Barriers(deadline -> submit(Caller.ANONYMOUS, new Barrier(), deadline));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Takes part from now on. Returns at once if the node took part before; a node with a new data
   * directory first waits until enough of the other members answer and, where they are at work
   * already, until it is a member.
   *
   * @throws StartupException if the data directory is not this node's or not whole, or if the port
   *     is taken
   */
  public void start() throws InterruptedException {
    DataDirectory directory = new DataDirectory(config);
    Optional<NodeIdentity> before = directory.existing();
    NodeIdentity identity = directory.next(before, Clock.systemUTC().millis());
    directory.write(identity);
    boolean joins =
        !identity.joined()
            && new FirstStart(config, channels).await(config.self(), identity.directoryId());
    try {
      mendLog();
      running = run(identity, joins);
      if (joins) {
        awaitMembership(running().replica());
      }
      settled = true;
      directory.write(identity.asJoined());
    } catch (IOException e) {
      throw new StartupException(
          ExitCode.STORAGE_FAILED, "cannot start the replica: " + e.getMessage());
    }
    register(identity);
  }

  private void mendLog() throws IOException {
    for (Path segment : LogTail.mend(DataDirectory.raftDirectory(config))) {
      LOG.warn("Cut off the half-written record at the end of {}; nobody was told of it", segment);
    }
  }

  private void awaitMembership(Replica replica) throws InterruptedException {
    long reported = System.nanoTime() - REPORT_NANOS;
    while (!isMember(replica)) {
      if (System.nanoTime() - reported > REPORT_NANOS) {
        reported = System.nanoTime();
        Membership.Member self = config.selfAsMember();
        LOG.info(
            "Not a member yet: waiting for \"quoll cluster add {}={}{};{}\"",
            self.serverId(),
            self.peerAddress(),
            self.observer() ? ":observer" : "",
            self.clientAddress());
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  // While this replica catches up, its log may say who the members were long ago.
  private boolean isMember(Replica replica) throws InterruptedException {
    int leader = replica.leaderId();
    if (leader == 0 || !replica.knowsMembers() || !isAmong(replica.members())) {
      return false;
    }
    try {
      Profile theirs =
          MemberMessages.decodeProfile(
              channels
                  .callAnew(leader, PeerProtocol.PROFILE, new byte[0], STANDING_MILLIS)
                  .get(STANDING_MILLIS, TimeUnit.MILLISECONDS));
      return isAmong(theirs.members()) && replica.membersIndex() >= theirs.index();
    } catch (ExecutionException | TimeoutException silent) {
      return false;
    }
  }

  private boolean isAmong(Membership members) {
    return members.find(config.serverId()).isPresent();
  }

  /**
   * Who the members are until the log says it. A voter that joins knows nobody, so that it waits
   * for a leader and seeks no votes; an observer never does, and Ratis has to know from the start
   * that it is one.
   */
  private Membership firstMembers(boolean joins) {
    return joins && !config.self().observer()
        ? new Membership(ImmutableList.of())
        : config.configuredMembers();
  }

  private Running run(NodeIdentity identity, boolean joins) throws IOException {
    SnapshotDirectory snapshots = SnapshotDirectory.open(DataDirectory.snapshotDirectory(config));
    takeOverReceived(snapshots);
    Outstanding outstanding =
        new Outstanding(new Origin(identity.serverId(), identity.incarnation()));
    outstanding.traceBy(tracing);
    ReplicaObserver observer =
        new ReplicaObserver(
            identity,
            store,
            listener,
            outstanding,
            new SnapshotFetcher(channels, snapshots, store, this::delayed, fatal),
            meter,
            Clock.systemUTC(),
            fatal);
    RatisStateMachine stateMachine = new RatisStateMachine(store, snapshots, observer, observer);
    Inbox inbox = new Inbox(observer::onArrival);
    CommitFeed commits = new CommitFeed(() -> membership().members().size() - 1);
    observer.setCommitFeed(commits);
    RaftNode node =
        RaftNode.build(
            config,
            firstMembers(joins),
            stateMachine,
            PeerService.definition(
                inbox,
                commits,
                this::standing,
                this::acquaintance,
                report -> touchReceiver.onTouches(report),
                absence -> running().elections().answer(absence),
                new Members(),
                snapshots,
                workers));
    Replica replica = start(node, observer, joins);
    CommitFollower follower =
        new CommitFollower(
            (leader, onCommitted, onEnd) ->
                CommitStream.open(channels, config.serverId(), leader, onCommitted, onEnd),
            replica,
            this::delayed);
    Proposer proposer =
        new Proposer(
            replica,
            config.serverId(),
            outstanding,
            inbox,
            (leader, onBroken) -> GrpcLeaderLink.open(channels, leader, onBroken),
            new CommitNudge(replica, commits, Clock.systemUTC(), Ticker.systemTicker()),
            Clock.systemUTC(),
            Ticker.systemTicker(),
            fatal);
    observer.setProposer(proposer);
    observer.setCommitFollower(follower);
    proposer.start();
    MemberInquiry inquiry =
        new MemberInquiry(config, channels, this::profile, this::delayed, fatal);
    Runnable onClosed = () -> explainClose(inquiry, replica);
    observer.setMembership(
        (members, index) -> {
          if (settled && index >= replica.membersIndex()) {
            inquiry.look(members, isVoter(replica));
          }
        },
        () -> hand(workers, onClosed));
    channels.setMembers(replica::members);
    Watchdog watchdog =
        new Watchdog(
            config,
            replica,
            stateMachine,
            fatal,
            onClosed,
            () -> {
              if (settled) {
                var unused = inquiry.ask(isVoter(replica));
              }
            });
    watchdog.start();
    MemberChanger changer =
        new MemberChanger(
            config,
            replica,
            channels,
            store,
            () -> barrier(System.nanoTime() + TimeUnit.SECONDS.toNanos(BARRIER_SECONDS)));
    ElectionWatch elections = new ElectionWatch(config, replica, channels, fatal);
    elections.start();
    return new Running(
        node,
        replica,
        stateMachine,
        snapshots,
        outstanding,
        inbox,
        proposer,
        follower,
        watchdog,
        elections,
        changer,
        inquiry,
        observer);
  }

  private static boolean isVoter(Replica replica) {
    return !replica.isObserver();
  }

  /** Ratis closes a replica that is removed, and one that failed. */
  private void explainClose(MemberInquiry inquiry, Replica replica) {
    if (settled) {
      inquiry.ask(isVoter(replica)).join();
    }
    if (!inquiry.isEnding()) {
      fatal.halt(ExitCode.REPLICA_FAILED, "Ratis has closed this replica", null);
    }
  }

  private Membership membership() {
    Running parts = running;
    Membership members = parts == null ? config.configuredMembers() : parts.replica().members();
    return members.members().isEmpty() ? config.configuredMembers() : members;
  }

  private Profile profile() {
    Running parts = running;
    if (parts == null) {
      return new Profile(config.clusterName(), config.serverId(), 0, -1, membership());
    }
    Replica replica = parts.replica();
    return new Profile(
        config.clusterName(),
        config.serverId(),
        replica.leaderId(),
        replica.membersIndex(),
        membership());
  }

  /** What the other members ask about who the members are. */
  private final class Members implements PeerService.MemberService {
    @Override
    public Profile profile() {
      return RatisConsensus.this.profile();
    }

    @Override
    public MemberOutcome administer(Asked asked) throws UnavailableException {
      return running().changer().administer(asked.request(), asked.again());
    }

    @Override
    public void dismiss(Profile leader) {
      if (settled
          && leader.clusterName().equals(config.clusterName())
          && leader.index() >= running().replica().membersIndex()) {
        running().inquiry().look(leader.members(), isVoter(running().replica()));
      }
    }
  }

  @Override
  public CompletableFuture<MemberOutcome> administer(MemberRequest request, long deadlineNanos) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return administerAtLeader(request, deadlineNanos);
          } catch (UnavailableException failure) {
            throw new CompletionException(failure);
          }
        },
        workers);
  }

  private MemberOutcome administerAtLeader(MemberRequest request, long deadlineNanos)
      throws UnavailableException {
    String reason = "there is no leader";
    for (boolean again = false; System.nanoTime() - deadlineNanos < 0; ) {
      Running parts = running;
      int leader = parts == null ? 0 : parts.replica().leaderId();
      try {
        if (leader != 0) {
          MemberOutcome outcome = administerAt(leader, new Asked(request, again), deadlineNanos);
          if (isAmong(outcome.members())) { // Whoever asked sees here what came of it.
            barrier(deadlineNanos).join();
          }
          return outcome;
        }
      } catch (Rejection refusal) {
        boolean ownDoing = again && refusal.code() == ErrorCode.RECONFIG_IN_PROGRESS;
        if (!ownDoing) {
          throw refusal;
        }
      } catch (UnavailableException | ExecutionException | CompletionException failure) {
        reason = Throwables.getRootCause(failure).toString();
        again = true;
      } catch (TimeoutException late) {
        break;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      LockSupport.parkNanos(AGAIN_NANOS);
    }
    throw new UnavailableException(Reason.NO_QUORUM, Applied.UNKNOWN, reason);
  }

  private MemberOutcome administerAt(int leader, Asked asked, long deadlineNanos)
      throws UnavailableException, ExecutionException, InterruptedException, TimeoutException {
    if (leader == config.serverId()) {
      return running().changer().administer(asked.request(), asked.again());
    }
    long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
    return MemberMessages.decodeOutcome(
        channels
            .callAnew(leader, PeerProtocol.ADMINISTER, MemberMessages.encode(asked), left)
            .get(left, TimeUnit.MILLISECONDS));
  }

  private Executor delayed(Duration delay) {
    return CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, workers);
  }

  private Replica start(RaftNode node, ReplicaObserver observer, boolean joins) throws IOException {
    try {
      return node.start(store.position().index(), joins);
    } catch (IOException | RuntimeException failure) {
      observer.expectClose(); // Why it ends is told by the failure.
      node.close();
      throw failure;
    }
  }

  /** A crash may have come between the receipt of a snapshot and its use. */
  private void takeOverReceived(SnapshotDirectory snapshots) {
    Optional<Path> received = snapshots.received();
    if (received.isPresent()
        && RocksStore.verify(received.get()).position().index() > store.position().index()) {
      snapshots.takeOverReceived(store, unpublished -> {}); // There are no watches yet.
    }
    snapshots.dropReceived();
  }

  private void register(NodeIdentity identity) {
    Command register =
        new RegisterServer(config.serverId(), identity.directoryId(), config.clientAddress());
    var unused =
        submit(
            Caller.ANONYMOUS, register, System.nanoTime() + TimeUnit.DAYS.toNanos(REGISTER_DAYS));
  }

  private Acquaintance acquaintance(Introduction introduction) {
    if (running().replica().isLogEmpty()) {
      FirstStart.requireNamed(introduction, config.configuredMembers());
    }
    return new Acquaintances(running().replica(), store).answer(introduction);
  }

  private Running running() {
    Running parts = running;
    if (parts == null) {
      throw new IllegalStateException("the server is starting or stopping");
    }
    return parts;
  }

  /**
   * {@inheritDoc} It comes by a thread of its own, so that what follows cannot stop the replica.
   */
  @Override
  public CompletableFuture<Reply> submit(Caller caller, Command command, long deadlineNanos) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    var unused =
        propose(caller, command, deadlineNanos)
            .reply()
            .whenComplete((done, failure) -> hand(() -> complete(reply, done, failure)));
    return reply;
  }

  private static void complete(
      CompletableFuture<Reply> reply, @Nullable Reply done, @Nullable Throwable failure) {
    if (failure == null) {
      reply.complete(done);
    } else {
      reply.completeExceptionally(failure);
    }
  }

  private void hand(Runnable task) {
    hand(replies, task);
  }

  private static void hand(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException closed) {
      task.run();
    }
  }

  @Override
  public Submission propose(Caller caller, Command command, long deadlineNanos) {
    Running parts = running;
    if (parts == null) {
      return new RefusedSubmission(
          new UnavailableException(
              Reason.NOT_SERVING, Applied.NO, "the server is starting or stopping"));
    }
    Submission submission = parts.outstanding().add(new Proposal(caller, command), deadlineNanos);
    parts.proposer().bring();
    return submission;
  }

  @Override
  public CompletableFuture<Void> barrier(long deadlineNanos) {
    return barriers.await(deadlineNanos);
  }

  @Override
  public CompletableFuture<HeldSnapshot> snapshot(boolean fresh, long deadlineNanos) {
    CompletableFuture<Void> caughtUp =
        fresh ? barrier(deadlineNanos) : CompletableFuture.completedFuture(null);
    return caughtUp.thenComposeAsync(done -> takeSnapshot(deadlineNanos), workers);
  }

  private CompletableFuture<HeldSnapshot> takeSnapshot(long deadlineNanos) {
    Running parts = running;
    if (parts == null) {
      return CompletableFuture.failedFuture(
          new UnavailableException(Reason.NOT_SERVING, null, "the server is starting or stopping"));
    }
    parts.stateMachine().prepareSnapshot();
    long applied = store.position().index();
    long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    return parts
        .replica()
        .takeSnapshot(Math.max(1, millis))
        .handleAsync((done, failure) -> hold(parts.snapshots(), applied), workers);
  }

  // Whether it was taken at this request or at another that came in between does not matter.
  private static HeldSnapshot hold(SnapshotDirectory snapshots, long applied) {
    Optional<Snapshot> newest = snapshots.pinNewest();
    if (newest.isPresent() && newest.get().position().index() >= applied) {
      Snapshot held = newest.get();
      return new HeldSnapshot(
          held.path(),
          held.position().term(),
          held.position().index(),
          () -> snapshots.unpin(held));
    }
    newest.ifPresent(snapshots::unpin);
    throw new UnavailableException(
        Reason.OVERLOADED, null, "no snapshot could be taken at this moment");
  }

  @Override
  public Standing standing() {
    Running parts = running;
    TreeDigest digest = store.digest();
    if (parts == null) {
      return new Standing(
          config.serverId(),
          Role.CANDIDATE,
          0,
          0,
          store.position().index(),
          store.position().index(),
          digest.zxid(),
          digest.value(),
          config.version());
    }
    Replica replica = parts.replica();
    return new Standing(
        config.serverId(),
        role(replica),
        replica.term(),
        replica.leaderId(),
        replica.appliedIndex(),
        replica.commitIndex(),
        digest.zxid(),
        digest.value(),
        config.version());
  }

  @Override
  public long term() {
    Running parts = running;
    return parts == null ? 0 : parts.replica().term();
  }

  private Role role(Replica replica) {
    if (replica.members().members().size() == 1) {
      return Role.STANDALONE;
    }
    if (replica.isLeader()) {
      return Role.LEADER;
    }
    if (replica.isObserver()) {
      return Role.OBSERVER;
    }
    return replica.isCandidate() || replica.leaderId() == 0 ? Role.CANDIDATE : Role.FOLLOWER;
  }

  @Override
  public CompletableFuture<Standing> standingOf(int serverId) {
    if (serverId == config.serverId()) {
      return CompletableFuture.completedFuture(standing());
    }
    return channels
        .call(serverId, PeerProtocol.STANDING, new byte[0], STANDING_MILLIS)
        .thenApply(PeerMessages::decodeStanding);
  }

  @Override
  public ImmutableList<Consensus.Member> members() {
    try (StateStore.View view = store.view()) {
      return membership().members().stream()
          .map(
              member ->
                  new Consensus.Member(
                      member.serverId(),
                      member.peerAddress(),
                      view.server(member.serverId())
                          .map(ServerRecord::clientAddress)
                          .filter(address -> !address.isEmpty())
                          .orElse(member.clientAddress()),
                      member.observer()))
          .collect(toImmutableList());
    }
  }

  @Override
  public CompletableFuture<Long> reportTouches(TouchReport report, long timeoutMillis) {
    Running parts = running;
    int leader = parts == null ? 0 : parts.replica().leaderId();
    if (leader == 0) {
      return CompletableFuture.failedFuture(noLeader());
    }
    if (leader == config.serverId()) {
      try {
        return CompletableFuture.completedFuture(touchReceiver.onTouches(report));
      } catch (UnavailableException refusal) {
        return CompletableFuture.failedFuture(refusal);
      }
    }
    return channels
        .call(leader, PeerProtocol.REPORT_TOUCHES, PeerMessages.encode(report), timeoutMillis)
        .thenApply(PeerMessages::decodeTerm)
        .whenComplete(
            (term, failure) -> {
              if (failure != null) {
                channels.reconnect(leader);
              }
            });
  }

  @Override
  public void setTouchReceiver(TouchReceiver receiver) {
    touchReceiver = receiver;
  }

  private static UnavailableException noLeader() {
    return new UnavailableException(Reason.NO_QUORUM, null, "there is no leader");
  }

  /** {@inheritDoc} To be called before the start. */
  @Override
  public void traceBy(WriteTracing followed) {
    tracing = followed;
  }

  @Override
  public Optional<SnapshotTaken> lastSnapshot() {
    return meter.lastSnapshot();
  }

  @Override
  public void measure(Measurements to) {
    meter.measure(to);
    Running parts = running;
    if (parts == null) {
      return;
    }
    to.gauge(
        "quoll_proposals_waiting",
        "Proposals of this replica that wait to be sent to the log.",
        parts.outstanding().waitingCount());
    to.gauge(
        "quoll_proposals_sent",
        "Proposals of this replica that were sent to the log and are not applied yet.",
        parts.outstanding().numberedCount());
    to.gauge(
        "quoll_proposals_sent_bytes",
        "Bytes of the proposals that were sent to the log and are not applied yet.",
        parts.outstanding().sentBytes());
    to.gauge(
        "quoll_inbox_batches",
        "Batches of other replicas that wait for this one, the leader, to append them.",
        parts.inbox().batchCount());
    to.gauge("quoll_inbox_bytes", "Bytes of the batches in the inbox.", parts.inbox().bytes());
    to.gauge(
        "quoll_entries_in_flight",
        "Entries that this replica, as leader, appended and that are not committed yet.",
        parts.proposer().entriesInFlight());
    measureRaft(to);
  }

  private void measureRaft(Measurements to) {
    String member = config.serverId() + "@"; // In tests several members share a process.
    for (RatisMetricRegistry each : MetricRegistries.global().getMetricRegistries()) {
      if (each instanceof RaftMetricRegistry registry
          && registry.getMetricRegistryInfo().getPrefix().startsWith(member)) {
        registry.measure(to);
      }
    }
  }

  @Override
  public boolean hasQuorum() {
    Running parts = running;
    return parts != null && parts.watchdog().hasQuorum();
  }

  /**
   * When the threads that agree and apply were last seen to get on, by {@link System#nanoTime}. To
   * be without a quorum, or without anything to do, is to be alive.
   *
   * @throws IllegalStateException if this replica does not take part
   */
  public long lastAliveNanos() {
    Running parts = running;
    if (parts == null) {
      throw new IllegalStateException("the server is starting or stopping");
    }
    return parts.watchdog().lastAliveNanos();
  }

  /**
   * Stops taking part, in order: the leadership is handed over, what was proposed and is not
   * applied fails, a snapshot is taken. Takes a few seconds at most.
   */
  @Override
  public void close() {
    Running parts = running;
    try {
      if (parts != null) {
        close(parts);
      }
    } finally {
      running = null;
      channels.close();
      workers.shutdownNow();
      replies.shutdown();
    }
  }

  private void close(Running parts) {
    if (parts.replica().isLeader() && membership().voters().size() > 1) {
      handOver(parts.replica());
    }
    parts.elections().close();
    parts.watchdog().close();
    parts.outstanding().close();
    parts.proposer().close();
    parts.follower().close();
    parts.observer().expectClose();
    try {
      parts.node().close();
    } catch (IOException e) {
      LOG.warn("Ratis did not close in order: {}", e.toString());
    }
  }

  private static void handOver(Replica replica) {
    try {
      replica.handOver(HAND_OVER_MILLIS).get(HAND_OVER_MILLIS, TimeUnit.MILLISECONDS);
      LOG.info("Handed the leadership over to server {}", replica.leaderId());
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "The leadership was not handed over; another leader will be elected: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
