package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.CountDescendantsRequest;
import io.quoll.api.v1.CountDescendantsResponse;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.CreateResponse;
import io.quoll.api.v1.DeleteRecursiveRequest;
import io.quoll.api.v1.DeleteRecursiveResponse;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.DeleteResponse;
import io.quoll.api.v1.EndSessionRequest;
import io.quoll.api.v1.EndSessionResponse;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.ExistsResponse;
import io.quoll.api.v1.GetAclRequest;
import io.quoll.api.v1.GetAclResponse;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetChildrenResponse;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.GetDataResponse;
import io.quoll.api.v1.GetQuotaRequest;
import io.quoll.api.v1.GetQuotaResponse;
import io.quoll.api.v1.ListSessionsRequest;
import io.quoll.api.v1.ListSessionsResponse;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiReadResponse;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.ReconfigureRequest;
import io.quoll.api.v1.ReconfigureResponse;
import io.quoll.api.v1.RemoveQuotaRequest;
import io.quoll.api.v1.RemoveQuotaResponse;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.SetAclRequest;
import io.quoll.api.v1.SetAclResponse;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetDataResponse;
import io.quoll.api.v1.SetQuotaRequest;
import io.quoll.api.v1.SetQuotaResponse;
import io.quoll.api.v1.StatusRequest;
import io.quoll.api.v1.StatusResponse;
import io.quoll.api.v1.SyncRequest;
import io.quoll.api.v1.SyncResponse;
import io.quoll.api.v1.TakeSnapshotRequest;
import io.quoll.api.v1.TakeSnapshotResponse;
import io.quoll.api.v1.TransferLeadershipRequest;
import io.quoll.api.v1.TransferLeadershipResponse;
import io.quoll.api.v1.TreeServiceGrpc;
import io.quoll.api.v1.WhoAmIRequest;
import io.quoll.api.v1.WhoAmIResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a {@link QuollClient} that do not wait. Each method is that of the client with the
 * same name; a failure is a {@link QuollException} in the future, to be had with {@link
 * QuollException#in}.
 *
 * <p>Calls under way at the same time may take effect in any order: wait for one before the next
 * where the order matters. What is chained to a future runs on the thread of the connection, so it
 * must not block; in particular it must not call the waiting methods of the client.
 *
 * <p>Thread-safe.
 */
public final class AsyncQuollClient {
  private static final Operation<CreateRequest, CreateResponse> CREATE =
      Operation.write(TreeServiceGrpc.getCreateMethod(), CreateResponse::getHeader);
  private static final Operation<DeleteRequest, DeleteResponse> DELETE =
      Operation.write(TreeServiceGrpc.getDeleteMethod(), DeleteResponse::getHeader);
  private static final Operation<DeleteRecursiveRequest, DeleteRecursiveResponse> DELETE_RECURSIVE =
      Operation.write(
          TreeServiceGrpc.getDeleteRecursiveMethod(), DeleteRecursiveResponse::getHeader);
  private static final Operation<SetDataRequest, SetDataResponse> SET_DATA =
      Operation.write(TreeServiceGrpc.getSetDataMethod(), SetDataResponse::getHeader);
  private static final Operation<MultiRequest, MultiResponse> MULTI =
      Operation.write(TreeServiceGrpc.getMultiMethod(), MultiResponse::getHeader);
  private static final Operation<GetDataRequest, GetDataResponse> GET_DATA =
      Operation.read(TreeServiceGrpc.getGetDataMethod(), GetDataResponse::getHeader);
  private static final Operation<ExistsRequest, ExistsResponse> EXISTS =
      Operation.read(TreeServiceGrpc.getExistsMethod(), ExistsResponse::getHeader);
  private static final Operation<GetChildrenRequest, GetChildrenResponse> GET_CHILDREN =
      Operation.read(TreeServiceGrpc.getGetChildrenMethod(), GetChildrenResponse::getHeader);
  private static final Operation<MultiReadRequest, MultiReadResponse> MULTI_READ =
      Operation.read(TreeServiceGrpc.getMultiReadMethod(), MultiReadResponse::getHeader);
  private static final Operation<CountDescendantsRequest, CountDescendantsResponse> COUNT =
      Operation.read(
          TreeServiceGrpc.getCountDescendantsMethod(), CountDescendantsResponse::getHeader);
  private static final Operation<SyncRequest, SyncResponse> SYNC =
      Operation.read(TreeServiceGrpc.getSyncMethod(), SyncResponse::getHeader);
  private static final Operation<GetAclRequest, GetAclResponse> GET_ACL =
      Operation.read(TreeServiceGrpc.getGetAclMethod(), GetAclResponse::getHeader);
  private static final Operation<SetAclRequest, SetAclResponse> SET_ACL =
      Operation.write(TreeServiceGrpc.getSetAclMethod(), SetAclResponse::getHeader);
  private static final Operation<WhoAmIRequest, WhoAmIResponse> WHO_AM_I =
      Operation.read(TreeServiceGrpc.getWhoAmIMethod(), WhoAmIResponse::getHeader);
  private static final Operation<StatusRequest, StatusResponse> STATUS =
      Operation.read(ClusterServiceGrpc.getStatusMethod(), StatusResponse::getHeader);
  private static final Operation<ListSessionsRequest, ListSessionsResponse> LIST_SESSIONS =
      Operation.read(ClusterServiceGrpc.getListSessionsMethod(), ListSessionsResponse::getHeader);
  private static final Operation<EndSessionRequest, EndSessionResponse> END_SESSION =
      Operation.write(ClusterServiceGrpc.getEndSessionMethod(), EndSessionResponse::getHeader);

  private static final Operation<SetQuotaRequest, SetQuotaResponse> SET_QUOTA =
      Operation.write(ClusterServiceGrpc.getSetQuotaMethod(), SetQuotaResponse::getHeader);
  private static final Operation<GetQuotaRequest, GetQuotaResponse> GET_QUOTA =
      Operation.read(ClusterServiceGrpc.getGetQuotaMethod(), GetQuotaResponse::getHeader);
  private static final Operation<RemoveQuotaRequest, RemoveQuotaResponse> REMOVE_QUOTA =
      Operation.write(ClusterServiceGrpc.getRemoveQuotaMethod(), RemoveQuotaResponse::getHeader);
  private static final Operation<ReconfigureRequest, ReconfigureResponse> RECONFIGURE =
      Operation.write(ClusterServiceGrpc.getReconfigureMethod(), ReconfigureResponse::getHeader);
  private static final Operation<TransferLeadershipRequest, TransferLeadershipResponse> TRANSFER =
      Operation.write(
          ClusterServiceGrpc.getTransferLeadershipMethod(), TransferLeadershipResponse::getHeader);

  private static final Operation<TakeSnapshotRequest, TakeSnapshotResponse> TAKE_SNAPSHOT =
      Operation.read(ClusterServiceGrpc.getTakeSnapshotMethod(), TakeSnapshotResponse::getHeader);

  private final Caller caller;
  private final Requests requests;
  private final Answers answers;
  private final Consistency consistency;

  AsyncQuollClient(Caller caller, Chroot chroot, Consistency consistency) {
    this.caller = caller;
    this.requests = new Requests(chroot);
    this.answers = new Answers(chroot);
    this.consistency = consistency;
  }

  /** As {@link QuollClient#create(String, ByteString, CreateMode)}. */
  public CompletableFuture<Created> create(
      String path, @Nullable ByteString data, CreateMode mode) {
    return create(path, data, mode, Duration.ZERO);
  }

  /** As {@link QuollClient#create(String, ByteString, CreateMode, Duration)}. */
  public CompletableFuture<Created> create(
      String path, @Nullable ByteString data, CreateMode mode, Duration ttl) {
    return create(path, data, mode, ttl, Acl.OPEN);
  }

  /** As {@link QuollClient#create(String, ByteString, CreateMode, Duration, Acl)}. */
  public CompletableFuture<Created> create(
      String path, @Nullable ByteString data, CreateMode mode, Duration ttl, Acl acl) {
    return caller.call(
        CREATE, requests.create(path, data, mode, ttl, acl).build(), answers::created);
  }

  /** As {@link QuollClient#delete(String, int)}. */
  public CompletableFuture<@Nullable Void> delete(String path, int expectedVersion) {
    return caller.call(DELETE, requests.delete(path, expectedVersion).build(), reply -> null);
  }

  /** As {@link QuollClient#deleteRecursive(String)}. */
  public CompletableFuture<Integer> deleteRecursive(String path) {
    DeleteRecursiveRequest request =
        DeleteRecursiveRequest.newBuilder().setPath(requests.chroot().toTreeDeleted(path)).build();
    return caller.call(DELETE_RECURSIVE, request, DeleteRecursiveResponse::getDeleted);
  }

  /** As {@link QuollClient#setData(String, ByteString, int)}. */
  public CompletableFuture<Stat> setData(
      String path, @Nullable ByteString data, int expectedVersion) {
    return caller.call(
        SET_DATA,
        requests.setData(path, data, expectedVersion).build(),
        reply -> Answers.stat(reply.getStat()));
  }

  /** As {@link QuollClient#multi(List)}. */
  public CompletableFuture<MultiOutcome> multi(List<Write> writes) {
    ImmutableList<Write> asked = ImmutableList.copyOf(writes);
    return caller.call(MULTI, requests.multi(asked).build(), reply -> answers.multi(reply, asked));
  }

  /** As {@link QuollClient#data(String)}. */
  public CompletableFuture<ZnodeData> data(String path) {
    return caller.call(GET_DATA, requests.data(path).setContext(context()).build(), answers::znode);
  }

  /** As {@link QuollClient#exists(String)}. */
  public CompletableFuture<Optional<Stat>> exists(String path) {
    return caller.call(
        EXISTS,
        requests.exists(path).setContext(context()).build(),
        reply -> reply.hasStat() ? Optional.of(Answers.stat(reply.getStat())) : Optional.empty());
  }

  /** As {@link QuollClient#children(String, PageRequest)}. */
  public CompletableFuture<ChildrenPage> children(String path, PageRequest page) {
    return caller.call(
        GET_CHILDREN, requests.children(path, page).setContext(context()).build(), answers::page);
  }

  /** As {@link QuollClient#allChildren(String, PageRequest)}. */
  public CompletableFuture<ChildrenPage> allChildren(String path, PageRequest start) {
    return allChildren(path, start, ImmutableList.builder());
  }

  private CompletableFuture<ChildrenPage> allChildren(
      String path, PageRequest page, ImmutableList.Builder<Child> before) {
    return children(path, page)
        .thenCompose(
            found -> {
              before.addAll(found.children());
              return found.isLast()
                  ? CompletableFuture.completedFuture(
                      new ChildrenPage(found.stat(), before.build(), ""))
                  : allChildren(path, page.withPageToken(found.nextPageToken()), before);
            });
  }

  /** As {@link QuollClient#multiRead(List)}. */
  public CompletableFuture<ImmutableList<ReadResult>> multiRead(List<Read> reads) {
    ImmutableList<Read> asked = ImmutableList.copyOf(reads);
    return caller.call(
        MULTI_READ,
        requests.multiRead(asked).setContext(context()).build(),
        reply -> answers.reads(reply, asked));
  }

  /** As {@link QuollClient#countDescendants(String)}. */
  public CompletableFuture<Long> countDescendants(String path) {
    return countDescendants(path, "", 0);
  }

  private CompletableFuture<Long> countDescendants(String path, String pageToken, long before) {
    CountDescendantsRequest request =
        CountDescendantsRequest.newBuilder()
            .setContext(context())
            .setPath(requests.chroot().toTree(path))
            .setPageToken(pageToken)
            .build();
    return caller
        .call(COUNT, request, reply -> reply)
        .thenCompose(
            reply -> {
              long counted = before + Integer.toUnsignedLong(reply.getCount());
              return reply.getNextPageToken().isEmpty()
                  ? CompletableFuture.completedFuture(counted)
                  : countDescendants(path, reply.getNextPageToken(), counted);
            });
  }

  /** As {@link QuollClient#sync(String)}. */
  public CompletableFuture<@Nullable Void> sync(String path) {
    SyncRequest request = SyncRequest.newBuilder().setPath(requests.chroot().toTree(path)).build();
    return caller.call(SYNC, request, reply -> null);
  }

  /** As {@link QuollClient#acl(String)}. */
  public CompletableFuture<ZnodeAcl> acl(String path) {
    return caller.call(GET_ACL, requests.acl(path).setContext(context()).build(), Answers::acl);
  }

  /** As {@link QuollClient#setAcl(String, Acl, int)}. */
  public CompletableFuture<Stat> setAcl(String path, Acl acl, int expectedAversion) {
    return caller.call(
        SET_ACL,
        requests.setAcl(path, acl, expectedAversion).build(),
        reply -> Answers.stat(reply.getStat()));
  }

  /** As {@link QuollClient#whoAmI()}. */
  public CompletableFuture<ImmutableList<Identity>> whoAmI() {
    return caller.call(WHO_AM_I, WhoAmIRequest.getDefaultInstance(), Answers::identities);
  }

  /** As {@link QuollClient#status()}. */
  public CompletableFuture<ImmutableList<MemberStatus>> status() {
    return caller.call(
        STATUS,
        StatusRequest.getDefaultInstance(),
        reply ->
            reply.getMembersList().stream()
                .map(Answers::member)
                .collect(ImmutableList.toImmutableList()));
  }

  /** As {@link QuollClient#sessions()}. */
  public CompletableFuture<ImmutableList<SessionInfo>> sessions() {
    return sessionsAfter(0, ImmutableList.of());
  }

  private CompletableFuture<ImmutableList<SessionInfo>> sessionsAfter(
      long id, ImmutableList<SessionInfo> before) {
    ListSessionsRequest request = ListSessionsRequest.newBuilder().setAfterSessionId(id).build();
    return caller
        .call(LIST_SESSIONS, request, reply -> reply)
        .thenCompose(
            reply -> {
              ImmutableList<SessionInfo> found =
                  Stream.concat(
                          before.stream(), reply.getSessionsList().stream().map(Answers::session))
                      .collect(ImmutableList.toImmutableList());
              return reply.getMore() && reply.getSessionsCount() > 0
                  ? sessionsAfter(found.get(found.size() - 1).id(), found)
                  : CompletableFuture.completedFuture(found);
            });
  }

  /** As {@link QuollClient#endSession(long)}. */
  public CompletableFuture<@Nullable Void> endSession(long id) {
    EndSessionRequest request = EndSessionRequest.newBuilder().setSessionId(id).build();
    return caller.call(END_SESSION, request, reply -> null);
  }

  /** As {@link QuollClient#takeSnapshot()}. */
  public CompletableFuture<TakenSnapshot> takeSnapshot() {
    return caller.call(
        TAKE_SNAPSHOT,
        TakeSnapshotRequest.getDefaultInstance(),
        reply ->
            new TakenSnapshot(reply.getHeader().getServerId(), reply.getTerm(), reply.getIndex()));
  }

  /** As {@link QuollClient#setQuota(String, QuotaLimits)}. */
  public CompletableFuture<@Nullable Void> setQuota(String path, QuotaLimits change) {
    SetQuotaRequest request =
        SetQuotaRequest.newBuilder()
            .setPath(requests.chroot().toTree(path))
            .setLimits(Requests.limits(change))
            .build();
    return caller.call(SET_QUOTA, request, reply -> null);
  }

  /** As {@link QuollClient#quota(String)}. */
  public CompletableFuture<Quota> quota(String path) {
    GetQuotaRequest request =
        GetQuotaRequest.newBuilder()
            .setContext(context())
            .setPath(requests.chroot().toTree(path))
            .build();
    return caller.call(
        GET_QUOTA,
        request,
        reply ->
            new Quota(
                Answers.limits(reply.getLimits()),
                reply.getCount(),
                reply.getBytes(),
                reply.getCounted()));
  }

  /** As {@link QuollClient#removeQuota(String)}. */
  public CompletableFuture<@Nullable Void> removeQuota(String path) {
    RemoveQuotaRequest request =
        RemoveQuotaRequest.newBuilder().setPath(requests.chroot().toTree(path)).build();
    return caller.call(REMOVE_QUOTA, request, reply -> null);
  }

  /** As {@link QuollClient#reconfigure(Reconfiguration)}. */
  public CompletableFuture<Configuration> reconfigure(Reconfiguration change) {
    ReconfigureRequest.Builder request =
        ReconfigureRequest.newBuilder()
            .addAllJoining(change.joining().stream().map(AsyncQuollClient::spec).toList())
            .addAllLeaving(change.leaving())
            .setWhole(change.whole())
            .setDryRun(change.dryRun());
    if (change.version() != Reconfiguration.ANY_VERSION) {
      request.setVersion(change.version());
    }
    return caller.call(
        RECONFIGURE,
        request.build(),
        reply ->
            new Configuration(
                reply.getMembersList().stream()
                    .map(AsyncQuollClient::member)
                    .collect(ImmutableList.toImmutableList()),
                reply.getVersion(),
                ImmutableList.copyOf(reply.getNotesList())));
  }

  private static io.quoll.api.v1.MemberSpec spec(MemberSpec member) {
    return io.quoll.api.v1.MemberSpec.newBuilder()
        .setId(member.id())
        .setPeerAddress(member.peerAddress())
        .setClientAddress(member.clientAddress())
        .setObserver(member.observer())
        .build();
  }

  private static MemberSpec member(io.quoll.api.v1.MemberSpec spec) {
    return new MemberSpec(
        spec.getId(), spec.getPeerAddress(), spec.getClientAddress(), spec.getObserver());
  }

  /** As {@link QuollClient#transferLeadership(int)}. */
  public CompletableFuture<@Nullable Void> transferLeadership(int id) {
    TransferLeadershipRequest request = TransferLeadershipRequest.newBuilder().setId(id).build();
    return caller.call(TRANSFER, request, reply -> null);
  }

  private RequestContext context() {
    return RequestContext.newBuilder()
        .setMinZxid(caller.seenZxid())
        .setConsistency(Requests.consistency(consistency))
        .build();
  }
}
