package io.quoll.server.grpc;

import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.CountDescendantsRequest;
import io.quoll.api.v1.CountDescendantsResponse;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.CreateResponse;
import io.quoll.api.v1.DeleteRecursiveRequest;
import io.quoll.api.v1.DeleteRecursiveResponse;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.DeleteResponse;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.ExistsResponse;
import io.quoll.api.v1.GetAclRequest;
import io.quoll.api.v1.GetAclResponse;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetChildrenResponse;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.GetDataResponse;
import io.quoll.api.v1.GetEphemeralsRequest;
import io.quoll.api.v1.GetEphemeralsResponse;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiReadResponse;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.ResponseHeader;
import io.quoll.api.v1.SetAclRequest;
import io.quoll.api.v1.SetAclResponse;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetDataResponse;
import io.quoll.api.v1.SyncRequest;
import io.quoll.api.v1.SyncResponse;
import io.quoll.api.v1.TreeServiceGrpc;
import io.quoll.api.v1.WhoAmIRequest;
import io.quoll.api.v1.WhoAmIResponse;
import io.quoll.server.coordination.Answered;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.Coordinator;
import io.quoll.server.coordination.ReadOptions;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Rejection;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The tree, one call at a time: each method makes a command or a query of its request and a reply
 * of what came back. Thread-safe; waits for nothing, so it may run on the event loop.
 */
final class TreeService extends TreeServiceGrpc.TreeServiceImplBase {
  private final Coordinator coordinator;
  private final UnaryCallers callers;
  private final ReplyHeaders headers;
  private final Rejections rejections;

  TreeService(
      Coordinator coordinator, UnaryCallers callers, ReplyHeaders headers, Rejections rejections) {
    this.coordinator = coordinator;
    this.callers = callers;
    this.headers = headers;
    this.rejections = rejections;
  }

  @Override
  public void create(CreateRequest request, StreamObserver<CreateResponse> responses) {
    write(
        responses,
        request.getContext(),
        () -> ProtoMapping.create(request),
        (result, header) -> ReplyMapping.created(result).setHeader(header).build());
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> responses) {
    write(
        responses,
        request.getContext(),
        () -> ProtoMapping.delete(request),
        (result, header) -> {
          ReplyMapping.expect(Result.Deleted.class, result);
          return DeleteResponse.newBuilder().setHeader(header).build();
        });
  }

  @Override
  public void deleteRecursive(
      DeleteRecursiveRequest request, StreamObserver<DeleteRecursiveResponse> responses) {
    write(
        responses,
        request.getContext(),
        () -> ProtoMapping.deleteRecursive(request),
        (result, header) -> ReplyMapping.deleted(result).setHeader(header).build());
  }

  @Override
  public void setData(SetDataRequest request, StreamObserver<SetDataResponse> responses) {
    write(
        responses,
        request.getContext(),
        () -> ProtoMapping.setData(request),
        (result, header) -> ReplyMapping.dataSet(result).setHeader(header).build());
  }

  @Override
  public void multi(MultiRequest request, StreamObserver<MultiResponse> responses) {
    write(
        responses,
        request.getContext(),
        () -> ProtoMapping.multi(request),
        (result, header) -> ReplyMapping.multi(result).setHeader(header).build());
  }

  @Override
  public void getData(GetDataRequest request, StreamObserver<GetDataResponse> responses) {
    read(
        responses,
        request.getContext(),
        () -> ProtoMapping.unwatched(request),
        (answer, header) -> ReplyMapping.data(answer).setHeader(header).build());
  }

  @Override
  public void exists(ExistsRequest request, StreamObserver<ExistsResponse> responses) {
    read(
        responses,
        request.getContext(),
        () -> ProtoMapping.unwatched(request),
        (answer, header) -> ReplyMapping.exists(answer).setHeader(header).build());
  }

  @Override
  public void getChildren(
      GetChildrenRequest request, StreamObserver<GetChildrenResponse> responses) {
    read(
        responses,
        request.getContext(),
        () -> ProtoMapping.unwatched(request),
        (answer, header) -> ReplyMapping.children(answer).setHeader(header).build());
  }

  @Override
  public void multiRead(MultiReadRequest request, StreamObserver<MultiReadResponse> responses) {
    read(
        responses,
        request.getContext(),
        () -> ProtoMapping.multiRead(request),
        (answer, header) -> ReplyMapping.multiRead(answer).setHeader(header).build());
  }

  @Override
  public void countDescendants(
      CountDescendantsRequest request, StreamObserver<CountDescendantsResponse> responses) {
    read(
        responses,
        request.getContext(),
        () -> ProtoMapping.count(request),
        (answer, header) -> ReplyMapping.count(answer).setHeader(header).build());
  }

  @Override
  public void sync(SyncRequest request, StreamObserver<SyncResponse> responses) {
    UnaryCall<Long, SyncResponse> call =
        new UnaryCall<>(
            responses,
            zxid -> SyncResponse.newBuilder().setHeader(headers.at(zxid)).build(),
            rejections::ofRead);
    Identities identities = IdentityInterceptor.caller();
    call.serve(
        deadlineNanos -> {
          ProtoMapping.checkSync(request);
          return forCaller(
              request.getContext(),
              identities,
              deadlineNanos,
              caller -> coordinator.sync(deadlineNanos));
        });
  }

  @Override
  public void getEphemerals(
      GetEphemeralsRequest request, StreamObserver<GetEphemeralsResponse> responses) {
    long sessionId = request.getContext().getSessionId();
    read(
        responses,
        request.getContext(),
        () -> {
          if (sessionId == 0) {
            throw new Rejection(ErrorCode.BAD_ARGUMENTS, "", "the request names no session");
          }
          return ProtoMapping.ephemerals(request, sessionId);
        },
        (answer, header) -> ReplyMapping.ephemerals(answer).setHeader(header).build());
  }

  @Override
  public void getAcl(GetAclRequest request, StreamObserver<GetAclResponse> responses) {
    read(
        responses,
        request.getContext(),
        () -> ProtoMapping.acl(request),
        (answer, header) -> ReplyMapping.acl(answer).setHeader(header).build());
  }

  @Override
  public void setAcl(SetAclRequest request, StreamObserver<SetAclResponse> responses) {
    write(
        responses,
        request.getContext(),
        () -> ProtoMapping.setAcl(request),
        (result, header) -> ReplyMapping.aclSet(result).setHeader(header).build());
  }

  @Override
  public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIResponse> responses) {
    Identities identities = IdentityInterceptor.caller();
    UnaryCall<Identities, WhoAmIResponse> call =
        new UnaryCall<>(
            responses,
            known ->
                ReplyMapping.identified(known)
                    .setHeader(headers.at(coordinator.publishedZxid()))
                    .build(),
            rejections::ofRead);
    call.serve(
        deadlineNanos ->
            forCaller(
                request.getContext(),
                identities,
                deadlineNanos,
                caller -> CompletableFuture.completedFuture(identities)));
  }

  private <T> void write(
      StreamObserver<T> responses,
      RequestContext context,
      Supplier<Command> command,
      BiFunction<Result, ResponseHeader, T> response) {
    UnaryCall<Reply, T> call =
        new UnaryCall<>(
            responses,
            reply -> response.apply(reply.result(), headers.at(reply.zxid())),
            rejections::ofWrite);
    Identities identities = IdentityInterceptor.caller();
    call.serve(
        deadlineNanos ->
            context.getSessionId() == 0 && context.getCxid() == 0
                ? coordinator.submit(Caller.unattached(identities), command.get(), deadlineNanos)
                : submit(context, identities, command, deadlineNanos));
  }

  private CompletableFuture<Reply> submit(
      RequestContext context,
      Identities identities,
      Supplier<Command> command,
      long deadlineNanos) {
    return callers
        .caller(context, identities, deadlineNanos)
        .thenCompose(
            caller -> {
              // One that is numbered takes its number even if it is wrong, as on a stream.
              Command made =
                  caller.isNumbered() ? SessionRequests.orRefuse(command) : command.get();
              return submit(context, caller, made, deadlineNanos);
            });
  }

  // The session may have been attached anew since this server last heard of it. Its reply says so
  // once this server has heard, so what is found then is newer.
  private CompletableFuture<Reply> submit(
      RequestContext context, Caller caller, Command command, long deadlineNanos) {
    return coordinator
        .submit(caller, command, deadlineNanos)
        .thenCompose(
            reply ->
                isMoved(reply.result()) && System.nanoTime() - deadlineNanos < 0
                    ? callers
                        .caller(context, caller.identities(), deadlineNanos)
                        .thenCompose(again -> submit(context, again, command, deadlineNanos))
                    : CompletableFuture.completedFuture(reply));
  }

  private static boolean isMoved(Result result) {
    return result instanceof Result.Rejected rejected && rejected.code() == ErrorCode.SESSION_MOVED;
  }

  private <T> void read(
      StreamObserver<T> responses,
      RequestContext context,
      Supplier<Query> query,
      BiFunction<Answer, ResponseHeader, T> response) {
    UnaryCall<Answered, T> call =
        new UnaryCall<>(
            responses,
            answered -> response.apply(answered.answer(), headers.at(answered.zxid())),
            rejections::ofRead);
    Identities identities = IdentityInterceptor.caller();
    call.serve(
        deadlineNanos -> {
          Query asked = query.get();
          ReadOptions options = ProtoMapping.options(context);
          return forCaller(
              context,
              identities,
              deadlineNanos,
              caller -> coordinator.ask(asked, identities, options, deadlineNanos));
        });
  }

  // Without a session the future is the core's own, so that it is given up when the call is.
  private <R> CompletableFuture<R> forCaller(
      RequestContext context,
      Identities identities,
      long deadlineNanos,
      Function<Caller, CompletableFuture<R>> work) {
    return context.getSessionId() == 0
        ? work.apply(Caller.unattached(identities))
        : callers.caller(context, identities, deadlineNanos).thenCompose(work);
  }
}
