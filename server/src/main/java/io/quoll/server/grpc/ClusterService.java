package io.quoll.server.grpc;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.BackupPart;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.CreateBackupRequest;
import io.quoll.api.v1.EndSessionRequest;
import io.quoll.api.v1.EndSessionResponse;
import io.quoll.api.v1.GetQuotaRequest;
import io.quoll.api.v1.GetQuotaResponse;
import io.quoll.api.v1.ListSessionsRequest;
import io.quoll.api.v1.ListSessionsResponse;
import io.quoll.api.v1.MemberSpec;
import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.ReconfigureRequest;
import io.quoll.api.v1.ReconfigureResponse;
import io.quoll.api.v1.RemoveQuotaRequest;
import io.quoll.api.v1.RemoveQuotaResponse;
import io.quoll.api.v1.Role;
import io.quoll.api.v1.SessionInfo;
import io.quoll.api.v1.SetQuotaRequest;
import io.quoll.api.v1.SetQuotaResponse;
import io.quoll.api.v1.StatusRequest;
import io.quoll.api.v1.StatusResponse;
import io.quoll.api.v1.TakeSnapshotRequest;
import io.quoll.api.v1.TakeSnapshotResponse;
import io.quoll.api.v1.TransferLeadershipRequest;
import io.quoll.api.v1.TransferLeadershipResponse;
import io.quoll.server.coordination.Answered;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.Consensus.Member;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.Consensus.Standing;
import io.quoll.server.coordination.Coordinator;
import io.quoll.server.coordination.HeldSnapshot;
import io.quoll.server.coordination.MemberOutcome;
import io.quoll.server.coordination.MemberRequest;
import io.quoll.server.coordination.ReadOptions;
import io.quoll.server.coordination.Sessions;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.RemoveQuota;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.GetQuota;
import io.quoll.statemachine.query.ListSessions;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.ZnodePath;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

/** The ensemble itself: where its members stand, and its sessions. Thread-safe; never waits. */
final class ClusterService extends ClusterServiceGrpc.ClusterServiceImplBase {
  /** How long another member has to tell where it stands. */
  static final Duration STANDING_MAX = Duration.ofSeconds(2);

  private static final Pattern ADDRESS = Pattern.compile("[^\\s;/]{1,255}:[1-9][0-9]{0,4}");

  private final Consensus consensus;
  private final Coordinator coordinator;
  private final Sessions sessions;
  private final ReplyHeaders headers;
  private final Rejections rejections;
  private final Backups backups;

  ClusterService(
      GrpcFrontEnd.Core core, ReplyHeaders headers, Rejections rejections, Backups backups) {
    this.consensus = core.consensus();
    this.coordinator = core.coordinator();
    this.sessions = core.sessions();
    this.headers = headers;
    this.rejections = rejections;
    this.backups = backups;
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> responses) {
    UnaryCall<ImmutableList<MemberStatus>, StatusResponse> call =
        new UnaryCall<>(responses, this::response, rejections::ofRead);
    call.serve(deadlineNanos -> members(request.getLocal()));
  }

  private StatusResponse response(ImmutableList<MemberStatus> members) {
    return StatusResponse.newBuilder()
        .setHeader(headers.at(consensus.standing().zxid()))
        .addAllMembers(members)
        .build();
  }

  private CompletableFuture<ImmutableList<MemberStatus>> members(boolean local) {
    Standing own = consensus.standing();
    ImmutableList<CompletableFuture<MemberStatus>> asked =
        consensus.members().stream()
            .filter(member -> !local || member.serverId() == own.serverId())
            .map(member -> ask(member, own))
            .collect(toImmutableList());
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(done -> asked.stream().map(CompletableFuture::join).collect(toImmutableList()));
  }

  private CompletableFuture<MemberStatus> ask(Member member, Standing own) {
    if (member.serverId() == own.serverId()) {
      return CompletableFuture.completedFuture(reached(member, own));
    }
    return consensus
        .standingOf(member.serverId())
        .thenApply(standing -> reached(member, standing))
        .completeOnTimeout(silent(member), STANDING_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> silent(member));
  }

  private static MemberStatus silent(Member member) {
    return MemberStatus.newBuilder()
        .setId(member.serverId())
        .setClientAddress(member.clientAddress())
        .setPeerAddress(member.peerAddress())
        .build();
  }

  private static MemberStatus reached(Member member, Standing standing) {
    return silent(member).toBuilder()
        .setReachable(true)
        .setRole(role(standing.role()))
        .setTerm(standing.term())
        .setZxid(standing.zxid())
        // Before the first entry there is none, which the log counts as -1.
        .setAppliedIndex(Math.max(0, standing.appliedIndex()))
        .setCommitIndex(Math.max(0, standing.commitIndex()))
        .setTreeDigest(standing.treeDigest())
        .setLeaderId(standing.leaderId())
        .setVersion(standing.version())
        .build();
  }

  private static Role role(Consensus.Role role) {
    return switch (role) {
      case LEADER -> Role.LEADER;
      case FOLLOWER -> Role.FOLLOWER;
      case CANDIDATE -> Role.CANDIDATE;
      case OBSERVER -> Role.OBSERVER;
      case STANDALONE -> Role.STANDALONE;
    };
  }

  @Override
  public void listSessions(
      ListSessionsRequest request, StreamObserver<ListSessionsResponse> responses) {
    UnaryCall<Answered, ListSessionsResponse> call =
        new UnaryCall<>(responses, this::sessionPage, rejections::ofRead);
    Query query = new ListSessions(request.getAfterSessionId(), request.getLimit());
    Identities caller = IdentityInterceptor.caller();
    call.serve(deadlineNanos -> coordinator.ask(query, caller, ReadOptions.LOCAL, deadlineNanos));
  }

  private ListSessionsResponse sessionPage(Answered answered) {
    Answer.Sessions page = ReplyMapping.expect(Answer.Sessions.class, answered.answer());
    return ListSessionsResponse.newBuilder()
        .setHeader(headers.at(answered.zxid()))
        .addAllSessions(page.sessions().stream().map(this::sessionInfo).toList())
        .setMore(page.more())
        .build();
  }

  private SessionInfo sessionInfo(Answer.SessionFound found) {
    Session session = found.session();
    return SessionInfo.newBuilder()
        .setSessionId(session.id())
        .setTimeoutMillis((int) session.timeoutMillis())
        .setEpoch(session.epoch())
        .setEphemerals(found.ephemerals())
        .setLastCxid(session.lastCxid())
        .setAttachedHere(sessions.isHeld(session.id()))
        .setWatches(sessions.watches(session.id()))
        .build();
  }

  @Override
  public void endSession(EndSessionRequest request, StreamObserver<EndSessionResponse> responses) {
    UnaryCall<Reply, EndSessionResponse> call =
        new UnaryCall<>(
            responses,
            reply -> EndSessionResponse.newBuilder().setHeader(headers.at(reply.zxid())).build(),
            rejections::ofWrite);
    call.serve(administered(deadlineNanos -> sessions.end(request.getSessionId(), deadlineNanos)));
  }

  /** Does {@code work} only for those who may administer the ensemble. */
  private <R> LongFunction<CompletableFuture<R>> administered(
      LongFunction<CompletableFuture<R>> work) {
    Identities caller = IdentityInterceptor.caller();
    return deadlineNanos ->
        coordinator.requireAdministrator(caller).thenCompose(allowed -> work.apply(deadlineNanos));
  }

  @Override
  public void takeSnapshot(
      TakeSnapshotRequest request, StreamObserver<TakeSnapshotResponse> responses) {
    UnaryCall<HeldSnapshot, TakeSnapshotResponse> call =
        new UnaryCall<>(responses, this::snapshotTaken, rejections::ofRead);
    call.serve(administered(deadlineNanos -> consensus.snapshot(false, deadlineNanos)));
  }

  private TakeSnapshotResponse snapshotTaken(HeldSnapshot snapshot) {
    snapshot.close(); // It is kept as the newest all the same.
    return TakeSnapshotResponse.newBuilder()
        .setHeader(headers.at(consensus.standing().zxid()))
        .setTerm(snapshot.term())
        .setIndex(snapshot.index())
        .build();
  }

  @Override
  public void createBackup(CreateBackupRequest request, StreamObserver<BackupPart> responses) {
    backups.create(
        request, coordinator.requireAdministrator(IdentityInterceptor.caller()), responses);
  }

  @Override
  public void setQuota(SetQuotaRequest request, StreamObserver<SetQuotaResponse> responses) {
    UnaryCall<Reply, SetQuotaResponse> call =
        new UnaryCall<>(responses, this::quotaSet, rejections::ofWrite);
    call.serve(
        administered(
            deadlineNanos ->
                coordinator.submit(Caller.ANONYMOUS, QuotaMapping.set(request), deadlineNanos)));
  }

  private SetQuotaResponse quotaSet(Reply reply) {
    return SetQuotaResponse.newBuilder()
        .setHeader(headers.at(reply.zxid()))
        .setCounted(ReplyMapping.expect(Result.QuotaCounted.class, reply.result()).whole())
        .build();
  }

  @Override
  public void getQuota(GetQuotaRequest request, StreamObserver<GetQuotaResponse> responses) {
    UnaryCall<Answered, GetQuotaResponse> call =
        new UnaryCall<>(
            responses,
            answered ->
                QuotaMapping.found(answered.answer())
                    .setHeader(headers.at(answered.zxid()))
                    .build(),
            rejections::ofRead);
    call.serve(
        administered(
            deadlineNanos ->
                coordinator.ask(
                    new GetQuota(ZnodePath.of(request.getPath())),
                    Identities.NONE,
                    ProtoMapping.options(request.getContext()),
                    deadlineNanos)));
  }

  @Override
  public void removeQuota(
      RemoveQuotaRequest request, StreamObserver<RemoveQuotaResponse> responses) {
    UnaryCall<Reply, RemoveQuotaResponse> call =
        new UnaryCall<>(responses, this::quotaRemoved, rejections::ofWrite);
    call.serve(
        administered(
            deadlineNanos ->
                coordinator.submit(
                    Caller.ANONYMOUS,
                    new RemoveQuota(ZnodePath.of(request.getPath())),
                    deadlineNanos)));
  }

  private RemoveQuotaResponse quotaRemoved(Reply reply) {
    Result.Done unused = ReplyMapping.expect(Result.Done.class, reply.result());
    return RemoveQuotaResponse.newBuilder().setHeader(headers.at(reply.zxid())).build();
  }

  @Override
  public void reconfigure(
      ReconfigureRequest request, StreamObserver<ReconfigureResponse> responses) {
    UnaryCall<MemberOutcome, ReconfigureResponse> call =
        new UnaryCall<>(responses, this::reconfigured, rejections::ofWrite);
    call.serve(
        administered(deadlineNanos -> coordinator.administer(change(request), deadlineNanos)));
  }

  private static MemberRequest change(ReconfigureRequest request) {
    return new MemberRequest.Change(
        request.getJoiningList().stream().map(ClusterService::member).collect(toImmutableList()),
        ImmutableList.copyOf(request.getLeavingList()),
        request.getWhole(),
        request.hasVersion() ? request.getVersion() : MemberRequest.ANY_VERSION,
        request.getDryRun());
  }

  private static Membership.Member member(MemberSpec spec) {
    return new Membership.Member(
        spec.getId(),
        requireAddress(spec.getPeerAddress()),
        requireAddress(spec.getClientAddress()),
        spec.getObserver());
  }

  private static String requireAddress(String address) {
    if (!address.isEmpty() && !ADDRESS.matcher(address).matches()) {
      throw new Rejection(
          ErrorCode.BAD_ARGUMENTS, "", "an address is host:port, not \"" + address + "\"");
    }
    return address;
  }

  private ReconfigureResponse reconfigured(MemberOutcome outcome) {
    return ReconfigureResponse.newBuilder()
        .setHeader(headers.at(consensus.standing().zxid()))
        .addAllMembers(outcome.members().members().stream().map(ClusterService::spec).toList())
        .setVersion(outcome.version())
        .addAllNotes(outcome.notes())
        .build();
  }

  private static MemberSpec spec(Membership.Member member) {
    return MemberSpec.newBuilder()
        .setId(member.serverId())
        .setPeerAddress(member.peerAddress())
        .setClientAddress(member.clientAddress())
        .setObserver(member.observer())
        .build();
  }

  @Override
  public void transferLeadership(
      TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> responses) {
    UnaryCall<MemberOutcome, TransferLeadershipResponse> call =
        new UnaryCall<>(
            responses,
            done ->
                TransferLeadershipResponse.newBuilder()
                    .setHeader(headers.at(consensus.standing().zxid()))
                    .build(),
            rejections::ofWrite);
    call.serve(
        administered(
            deadlineNanos ->
                coordinator.administer(
                    new MemberRequest.Transfer(request.getId()), deadlineNanos)));
  }
}
