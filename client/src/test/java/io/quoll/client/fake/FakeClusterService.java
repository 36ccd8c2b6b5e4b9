package io.quoll.client.fake;

import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.BackupPart;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.CreateBackupRequest;
import io.quoll.api.v1.EndSessionRequest;
import io.quoll.api.v1.EndSessionResponse;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.GetQuotaRequest;
import io.quoll.api.v1.GetQuotaResponse;
import io.quoll.api.v1.ListSessionsRequest;
import io.quoll.api.v1.ListSessionsResponse;
import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.QuotaLimits;
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
import io.quoll.client.backup.BackupParts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The contract's cluster service: three members, one of them not reachable, and the sessions of a
 * {@link FakeTree}, two on a page. Thread-safe.
 */
final class FakeClusterService extends ClusterServiceGrpc.ClusterServiceImplBase {
  private static final int PAGE_MAX = 2;

  private final FakeTree tree;
  private final Replies replies;
  private final Map<String, QuotaLimits> quotas = new ConcurrentHashMap<>();

  FakeClusterService(FakeTree tree, Replies replies) {
    this.tree = tree;
    this.replies = replies;
  }

  @Override
  public void listSessions(
      ListSessionsRequest request, StreamObserver<ListSessionsResponse> observer) {
    replies.answer(observer, false, () -> page(request.getAfterSessionId()));
  }

  private ListSessionsResponse page(long afterId) {
    List<FakeSession> rest =
        tree.sessions().stream().filter(session -> session.id() > afterId).toList();
    ListSessionsResponse.Builder page =
        ListSessionsResponse.newBuilder()
            .setHeader(replies.header())
            .setMore(rest.size() > PAGE_MAX);
    rest.stream().limit(PAGE_MAX).forEach(session -> page.addSessions(about(session)));
    return page.build();
  }

  private SessionInfo about(FakeSession session) {
    return SessionInfo.newBuilder()
        .setSessionId(session.id())
        .setTimeoutMillis(session.timeoutMillis())
        .setEpoch(session.epoch())
        .setEphemerals(tree.ephemerals(session.id()).size())
        .setLastCxid(session.lastCxid())
        .build();
  }

  @Override
  public void endSession(EndSessionRequest request, StreamObserver<EndSessionResponse> observer) {
    replies.answer(
        observer,
        true,
        () -> {
          if (tree.session(request.getSessionId()) == null) {
            throw new FakeRejection(ErrorCode.ERROR_CODE_SESSION_EXPIRED, "");
          }
          tree.expireSession(request.getSessionId());
          return EndSessionResponse.newBuilder().setHeader(replies.header()).build();
        });
  }

  @Override
  public void takeSnapshot(
      TakeSnapshotRequest request, StreamObserver<TakeSnapshotResponse> observer) {
    replies.answer(
        observer,
        false,
        () ->
            TakeSnapshotResponse.newBuilder()
                .setHeader(replies.header())
                .setTerm(4)
                .setIndex(99)
                .build());
  }

  @Override
  public void createBackup(CreateBackupRequest request, StreamObserver<BackupPart> observer) {
    BackupParts.whole().forEach(observer::onNext);
    observer.onCompleted();
  }

  @Override
  public void setQuota(SetQuotaRequest request, StreamObserver<SetQuotaResponse> observer) {
    replies.answer(
        observer,
        true,
        () -> {
          FakeNode unused = tree.require(request.getPath());
          QuotaLimits none =
              QuotaLimits.newBuilder()
                  .setCount(-1)
                  .setBytes(-1)
                  .setHardCount(-1)
                  .setHardBytes(-1)
                  .build();
          QuotaLimits before = quotas.getOrDefault(request.getPath(), none);
          QuotaLimits after = before.toBuilder().mergeFrom(request.getLimits()).build();
          if (after.equals(none)) {
            throw new FakeRejection(ErrorCode.ERROR_CODE_NO_NODE, request.getPath());
          }
          quotas.put(request.getPath(), after);
          return SetQuotaResponse.newBuilder().setHeader(replies.header()).setCounted(true).build();
        });
  }

  @Override
  public void getQuota(GetQuotaRequest request, StreamObserver<GetQuotaResponse> observer) {
    replies.answer(
        observer,
        false,
        () -> {
          QuotaLimits limits = quotas.get(request.getPath());
          if (limits == null) {
            throw new FakeRejection(ErrorCode.ERROR_CODE_NO_NODE, request.getPath());
          }
          return GetQuotaResponse.newBuilder()
              .setHeader(replies.header())
              .setLimits(limits)
              .setCount(1L + tree.countBelow(request.getPath()))
              .setBytes(7)
              .setCounted(true)
              .build();
        });
  }

  @Override
  public void removeQuota(
      RemoveQuotaRequest request, StreamObserver<RemoveQuotaResponse> observer) {
    replies.answer(
        observer,
        true,
        () -> {
          if (quotas.remove(request.getPath()) == null) {
            throw new FakeRejection(ErrorCode.ERROR_CODE_NO_NODE, request.getPath());
          }
          return RemoveQuotaResponse.newBuilder().setHeader(replies.header()).build();
        });
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    replies.answer(
        observer,
        false,
        () ->
            StatusResponse.newBuilder()
                .setHeader(replies.header())
                .addMembers(member(1, Role.FOLLOWER))
                .addMembers(member(2, Role.LEADER))
                .addMembers(
                    MemberStatus.newBuilder().setId(3).setPeerAddress("127.0.0.1:2893").build())
                .build());
  }

  private static MemberStatus member(int id, Role role) {
    return MemberStatus.newBuilder()
        .setId(id)
        .setClientAddress("127.0.0.1:718" + id)
        .setPeerAddress("127.0.0.1:289" + id)
        .setReachable(true)
        .setRole(role)
        .setTerm(4)
        .setZxid(1234)
        .setAppliedIndex(99)
        .setCommitIndex(100)
        .setTreeDigest(0xCAFEL)
        .setLeaderId(2)
        .setVersion("0.1.0")
        .build();
  }
}
