package io.quoll.server.consensus;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSortedMap.toImmutableSortedMap;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.store.Position;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.client.impl.ClientProtoUtils;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.FollowerInfoProto;
import org.apache.ratis.proto.RaftProtos.LeaderInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's part in the Raft group: what Quoll asks of Ratis, and how. Thread-safe. */
final class Replica
    implements ProposalLog, Acquaintances.Raft, EarlyElection.Raft, CommitFollower.Raft {
  // A member that was silent for longer is down, and needs no news until it is back.
  private static final long ANSWERING_MILLIS = 1000;

  // A leader says something each 250 ms; an observer that heard nothing for longer has none.
  private static final long OBSERVED_SILENCE_MILLIS_MAX = 2000;

  // Ratis takes a read with this message for one that needs no answer of the state machine.
  private static final Message NO_QUERY = Message.valueOf("DUMMY");

  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  private final RaftServer server;
  private final RaftGroupId group;
  private final RaftServer.Division division;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final Position logEndAtStart;
  private volatile Members members;

  /** The members by a configuration, which Ratis replaces and never changes. */
  private record Members(RaftConfiguration configuration, Membership membership) {}

  /** The replica of {@code group} that {@code server}, which is started, has. */
  Replica(RaftServer server, RaftGroupId group) throws IOException {
    this.server = server;
    this.group = group;
    this.division = server.getDivision(group);
    this.logEndAtStart = logEnd();
    RaftConfiguration configuration = division.getRaftConf();
    this.members = new Members(configuration, RaftPeers.membership(configuration));
  }

  @Override
  public boolean isLeaderReady() {
    return info().isLeaderReady();
  }

  /** Whether this replica is, or takes itself for, the leader. */
  boolean isLeader() {
    return info().isLeader();
  }

  /** Whether this replica seeks votes. */
  boolean isCandidate() {
    return info().isCandidate();
  }

  @Override
  public boolean isFollower() {
    return info().isFollower() && info().getLifeCycleState() == LifeCycle.State.RUNNING;
  }

  /** Who the members are as the log says, agreed on or not; whoever leaves is still among them. */
  Membership members() {
    RaftConfiguration configuration = division.getRaftConf();
    Members known = members;
    if (known.configuration() != configuration) {
      known = new Members(configuration, RaftPeers.membership(configuration));
      members = known;
    }
    return known.membership();
  }

  /** Whether the log has told this replica who the members are. */
  boolean knowsMembers() {
    return membersIndex() >= 0;
  }

  /** The index of the entry of the log that says who the members are; -1 if none does. */
  long membersIndex() {
    return division.getRaftConf().getLogEntryIndex();
  }

  /**
   * As leader, has the ensemble agree on other members.
   *
   * @return done once it has; fails with what Ratis says
   */
  CompletableFuture<?> changeMembers(Membership from, Membership to) {
    try {
      SetConfigurationRequest.Arguments arguments =
          SetConfigurationRequest.Arguments.newBuilder()
              .setServersInCurrentConf(RaftPeers.voters(from))
              .setListenersInCurrentConf(RaftPeers.observers(from))
              .setServersInNewConf(RaftPeers.voters(to))
              .setListenersInNewConf(RaftPeers.observers(to))
              .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
              .build();
      return server
          .setConfigurationAsync(
              new SetConfigurationRequest(
                  clientId, division.getId(), group, callIds.incrementAndGet(), arguments))
          .thenApply(Replica::requireSuccess);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Position logEnd() {
    return position(division.getRaftLog().getLastEntryTermIndex());
  }

  private static Position position(@Nullable TermIndex end) {
    return end == null ? Position.NONE : new Position(end.getTerm(), end.getIndex());
  }

  @Override
  public long leaderSilenceMillis() {
    FollowerInfoProto follower = info().getRoleInfoProto().getFollowerInfo();
    return follower.getOutstandingOp() > 0 ? 0 : follower.getLeaderInfo().getLastRpcElapsedTimeMs();
  }

  /**
   * {@inheritDoc}
   *
   * <p>As if the leader had asked for it, which is how Ratis hands a leadership over: it then seeks
   * votes without asking first whether others still hear the leader. Ratis refuses if the log ends
   * before the term of the leader.
   */
  @Override
  public boolean seekVotes() {
    RaftPeerId leader = info().getLeaderId();
    Position end = logEnd();
    if (leader == null || end.term() < term()) {
      return false;
    }
    StartLeaderElectionRequestProto request =
        StartLeaderElectionRequestProto.newBuilder()
            .setServerRequest(askedBy(leader))
            .setLeaderLastEntry(
                TermIndexProto.newBuilder().setTerm(end.term()).setIndex(end.index()))
            .build();
    try {
      return server.startLeaderElection(request).getServerReply().getSuccess();
    } catch (IOException e) {
      LOG.debug("Seeking votes was refused", e);
      return false;
    }
  }

  private RaftRpcRequestProto askedBy(RaftPeerId member) {
    return RaftRpcRequestProto.newBuilder()
        .setRequestorId(member.toByteString())
        .setReplyId(division.getId().toByteString())
        .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(group))
        .setCallId(callIds.incrementAndGet())
        .build();
  }

  /** Whether this replica never votes. */
  boolean isObserver() {
    return info().isListener();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Ratis makes a voter that no longer hears its leader forget it, but not an observer.
   */
  @Override
  public int leaderId() {
    RaftPeerId leader = info().getLeaderId();
    boolean isLost = isObserver() && leaderSilenceMillis() > OBSERVED_SILENCE_MILLIS_MAX;
    return leader == null || isLost ? 0 : Integer.parseInt(leader.toString());
  }

  @Override
  public long term() {
    return info().getCurrentTerm();
  }

  @Override
  public long commitIndex() {
    return division.getRaftLog().getLastCommittedIndex();
  }

  @Override
  public boolean isLogEmpty() {
    return division.getRaftLog().getNextIndex() == 0;
  }

  @Override
  public Position logEndAtStart() {
    return logEndAtStart;
  }

  /** The last entry that is applied. */
  long appliedIndex() {
    return info().getLastAppliedIndex();
  }

  /** Whether Ratis still runs this replica. */
  boolean isAlive() {
    LifeCycle.State state = info().getLifeCycleState();
    return state == LifeCycle.State.RUNNING || state == LifeCycle.State.STARTING;
  }

  @Override
  public CompletableFuture<?> append(byte[] entry) {
    Message message = Message.valueOf(UnsafeByteOperations.unsafeWrap(entry));
    return submit(RaftClientRequest.writeRequestType(), message);
  }

  @Override
  public ImmutableList<RaftPeerId> membersBehindCommit() {
    long mine = commitIndex();
    List<RaftPeerId> behind =
        division.getCommitInfos().stream()
            .filter(info -> info.getCommitIndex() < mine)
            .map(info -> RaftPeerId.valueOf(info.getServer().getId()))
            .toList();
    if (behind.isEmpty()) {
      return ImmutableList.of();
    }
    return info().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
        .filter(follower -> follower.getLastRpcElapsedTimeMs() < ANSWERING_MILLIS)
        .map(follower -> RaftPeerId.valueOf(follower.getId().getId()))
        .filter(behind::contains)
        .collect(toImmutableList());
  }

  /**
   * {@inheritDoc}
   *
   * <p>The leader sends a heartbeat, which carries the commit index, to a follower that asks it for
   * an index to read at. (RATIS-2392.)
   */
  @Override
  public CompletableFuture<?> tellCommitIndex(RaftPeerId follower) {
    RaftClientRequest read = request(RaftClientRequest.readRequestType(), NO_QUERY);
    try {
      return ((RaftServerAsynchronousProtocol) division)
          .readIndexAsync(
              ReadIndexRequestProto.newBuilder()
                  .setServerRequest(askedBy(follower))
                  .setClientRequest(ClientProtoUtils.toRaftClientRequestProto(read))
                  .build());
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Ratis is given the heartbeat that it would have from the leader after the entry: it compares
   * the entry with its own log as with any.
   */
  @Override
  public boolean learnCommitted(int leaderId, Position position) {
    RaftLog log = division.getRaftLog();
    if (leaderId != leaderId() || position.term() != term() || isLeader() || !isAlive()) {
      return true; // Whoever said so leads no more.
    }
    if (log.getLastCommittedIndex() >= position.index()) {
      return true;
    }
    TermIndex entry = TermIndex.valueOf(position.term(), position.index());
    if (log.getFlushIndex() < position.index()
        || !entry.equals(log.getTermIndex(entry.getIndex()))) {
      return false;
    }
    try {
      var unused =
          ((RaftServerAsynchronousProtocol) division)
              .appendEntriesAsync(heartbeat(leaderId, entry));
    } catch (IOException | RuntimeException e) {
      LOG.debug("Ratis did not take the news that {} is committed", entry, e);
    }
    return true;
  }

  private AppendEntriesRequestProto heartbeat(int leaderId, TermIndex committed) {
    return AppendEntriesRequestProto.newBuilder()
        .setServerRequest(askedBy(RaftPeerId.valueOf(Integer.toString(leaderId))))
        .setLeaderTerm(committed.getTerm())
        .setPreviousLog(committed.toProto())
        .setLeaderCommit(committed.getIndex())
        .build();
  }

  // Through the division, not the server: so it is appended when this returns, in this thread.
  private CompletableFuture<?> submit(RaftClientRequest.Type type, Message message) {
    try {
      return ((RaftClientAsynchronousProtocol) division)
          .submitClientRequestAsync(request(type, message))
          .thenApply(Replica::requireSuccess);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private RaftClientRequest request(RaftClientRequest.Type type, Message message) {
    return RaftClientRequest.newBuilder()
        .setClientId(clientId)
        .setServerId(division.getId())
        .setGroupId(group)
        .setCallId(callIds.incrementAndGet())
        .setMessage(message)
        .setType(type)
        .build();
  }

  private static RaftClientReply requireSuccess(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new IllegalStateException("not done by Ratis", reply.getException());
    }
    return reply;
  }

  /** As leader, for how long each voting follower has been silent, in milliseconds. */
  ImmutableSortedMap<Integer, Long> followerSilenceMillis() {
    LeaderInfoProto leader = info().getRoleInfoProto().getLeaderInfo();
    return leader.getFollowerInfoList().stream()
        .filter(this::isVoter)
        .collect(
            toImmutableSortedMap(
                Comparator.naturalOrder(),
                follower -> Integer.parseInt(follower.getId().getId().toStringUtf8()),
                ServerRpcProto::getLastRpcElapsedTimeMs));
  }

  private boolean isVoter(ServerRpcProto follower) {
    RaftPeerId id = RaftPeerId.valueOf(follower.getId().getId());
    return division.getRaftConf().getPeer(id) != null;
  }

  /** Gives the leadership up, to whoever is elected then. */
  CompletableFuture<?> stepDown(long timeoutMillis) {
    return transfer(null, timeoutMillis);
  }

  /** Hands the leadership to that voter. */
  CompletableFuture<?> transferTo(int serverId, long timeoutMillis) {
    return transfer(RaftPeers.id(serverId), timeoutMillis);
  }

  /** Hands the leadership to the follower whose log is the most complete. */
  CompletableFuture<?> handOver(long timeoutMillis) {
    Optional<RaftPeerId> heir =
        division.getCommitInfos().stream()
            .filter(info -> !RaftPeerId.valueOf(info.getServer().getId()).equals(division.getId()))
            .filter(
                info ->
                    division.getRaftConf().getPeer(RaftPeerId.valueOf(info.getServer().getId()))
                        != null)
            .max(Comparator.comparingLong(CommitInfoProto::getCommitIndex))
            .map(info -> RaftPeerId.valueOf(info.getServer().getId()));
    return heir.isPresent()
        ? transfer(heir.get(), timeoutMillis)
        : CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<?> transfer(@Nullable RaftPeerId heir, long timeoutMillis) {
    try {
      return server
          .transferLeadershipAsync(
              new TransferLeadershipRequest(
                  clientId,
                  division.getId(),
                  group,
                  callIds.incrementAndGet(),
                  heir,
                  timeoutMillis))
          .thenApply(Replica::requireSuccess);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Takes a snapshot soon, if anything was applied since the last. */
  CompletableFuture<?> takeSnapshot(long timeoutMillis) {
    try {
      return server
          .snapshotManagementAsync(
              SnapshotManagementRequest.newCreate(
                  clientId, division.getId(), group, callIds.incrementAndGet(), timeoutMillis))
          .thenApply(Replica::requireSuccess);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private DivisionInfo info() {
    return division.getInfo();
  }
}
