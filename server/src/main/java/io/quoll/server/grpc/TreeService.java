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
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetChildrenResponse;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.GetDataResponse;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiReadResponse;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.ResponseHeader;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetDataResponse;
import io.quoll.api.v1.SyncRequest;
import io.quoll.api.v1.SyncResponse;
import io.quoll.api.v1.TreeServiceGrpc;
import io.quoll.server.coordination.Answered;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.Coordinator;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.ZnodePath;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The tree, one call at a time: each method makes a command or a query of its request and a reply
 * of what came back. Thread-safe; waits for nothing, so it may run on the event loop.
 */
final class TreeService extends TreeServiceGrpc.TreeServiceImplBase {
  private final Coordinator coordinator;
  private final ReplyHeaders headers;
  private final Rejections rejections;

  TreeService(Coordinator coordinator, ReplyHeaders headers, Rejections rejections) {
    this.coordinator = coordinator;
    this.headers = headers;
    this.rejections = rejections;
  }

  @Override
  public void create(CreateRequest request, StreamObserver<CreateResponse> responses) {
    write(
        responses,
        () -> ProtoMapping.create(request),
        (result, header) -> ReplyMapping.created(result).setHeader(header).build());
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> responses) {
    write(
        responses,
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
        () -> ProtoMapping.deleteRecursive(request),
        (result, header) -> ReplyMapping.deleted(result).setHeader(header).build());
  }

  @Override
  public void setData(SetDataRequest request, StreamObserver<SetDataResponse> responses) {
    write(
        responses,
        () -> ProtoMapping.setData(request),
        (result, header) -> ReplyMapping.dataSet(result).setHeader(header).build());
  }

  @Override
  public void multi(MultiRequest request, StreamObserver<MultiResponse> responses) {
    write(
        responses,
        () -> ProtoMapping.multi(request),
        (result, header) -> ReplyMapping.multi(result).setHeader(header).build());
  }

  @Override
  public void getData(GetDataRequest request, StreamObserver<GetDataResponse> responses) {
    read(
        responses,
        request.getContext(),
        () -> ProtoMapping.data(request),
        (answer, header) -> ReplyMapping.data(answer).setHeader(header).build());
  }

  @Override
  public void exists(ExistsRequest request, StreamObserver<ExistsResponse> responses) {
    read(
        responses,
        request.getContext(),
        () -> ProtoMapping.exists(request),
        (answer, header) -> ReplyMapping.exists(answer).setHeader(header).build());
  }

  @Override
  public void getChildren(
      GetChildrenRequest request, StreamObserver<GetChildrenResponse> responses) {
    read(
        responses,
        request.getContext(),
        () -> ProtoMapping.children(request),
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
    call.serve(
        deadlineNanos -> {
          if (!request.getPath().isEmpty()) { // Need not exist, but a wrong one is a mistake.
            ZnodePath.of(request.getPath());
          }
          return coordinator.sync(deadlineNanos);
        });
  }

  private <T> void write(
      StreamObserver<T> responses,
      Supplier<Command> command,
      BiFunction<Result, ResponseHeader, T> response) {
    UnaryCall<Reply, T> call =
        new UnaryCall<>(
            responses,
            reply -> response.apply(reply.result(), headers.at(reply.zxid())),
            rejections::ofWrite);
    call.serve(deadlineNanos -> coordinator.submit(Caller.ANONYMOUS, command.get(), deadlineNanos));
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
    call.serve(
        deadlineNanos ->
            coordinator.ask(query.get(), ProtoMapping.options(context), deadlineNanos));
  }
}
