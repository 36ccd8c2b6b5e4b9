package io.quoll.client.fake;

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
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiReadResponse;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.SetAclRequest;
import io.quoll.api.v1.SetAclResponse;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetDataResponse;
import io.quoll.api.v1.SyncRequest;
import io.quoll.api.v1.SyncResponse;
import io.quoll.api.v1.TreeServiceGrpc;
import io.quoll.api.v1.WhoAmIRequest;
import io.quoll.api.v1.WhoAmIResponse;
import java.util.function.Supplier;

/** The contract's tree service over a {@link FakeTree}. Thread-safe. */
final class FakeTreeService extends TreeServiceGrpc.TreeServiceImplBase {
  private static final long NO_SESSION = 0;

  private final FakeTree tree;
  private final Replies replies;
  private final FakeOperations operations;

  FakeTreeService(FakeOperations operations) {
    this.tree = operations.tree();
    this.replies = operations.replies();
    this.operations = operations;
  }

  private <T> void write(StreamObserver<T> observer, Supplier<T> work) {
    replies.answer(observer, true, () -> tree.transaction(work));
  }

  @Override
  public void create(CreateRequest request, StreamObserver<CreateResponse> observer) {
    write(observer, () -> operations.create(request, NO_SESSION));
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    write(observer, () -> operations.delete(request));
  }

  @Override
  public void deleteRecursive(
      DeleteRecursiveRequest request, StreamObserver<DeleteRecursiveResponse> observer) {
    write(observer, () -> operations.deleteRecursive(request));
  }

  @Override
  public void setData(SetDataRequest request, StreamObserver<SetDataResponse> observer) {
    write(observer, () -> operations.setData(request));
  }

  @Override
  public void multi(MultiRequest request, StreamObserver<MultiResponse> observer) {
    replies.answer(observer, true, () -> operations.multi(request, NO_SESSION));
  }

  @Override
  public void getData(GetDataRequest request, StreamObserver<GetDataResponse> observer) {
    replies.answerRead(observer, request.getContext(), () -> operations.data(request.getPath()));
  }

  @Override
  public void exists(ExistsRequest request, StreamObserver<ExistsResponse> observer) {
    replies.answerRead(
        observer, request.getContext(), () -> operations.existence(request.getPath()));
  }

  @Override
  public void getChildren(
      GetChildrenRequest request, StreamObserver<GetChildrenResponse> observer) {
    replies.answerRead(observer, request.getContext(), () -> operations.page(request));
  }

  @Override
  public void multiRead(MultiReadRequest request, StreamObserver<MultiReadResponse> observer) {
    replies.answerRead(observer, request.getContext(), () -> operations.multiRead(request));
  }

  @Override
  public void countDescendants(
      CountDescendantsRequest request, StreamObserver<CountDescendantsResponse> observer) {
    replies.answerRead(observer, request.getContext(), () -> operations.count(request));
  }

  @Override
  public void sync(SyncRequest request, StreamObserver<SyncResponse> observer) {
    replies.answer(
        observer, false, () -> SyncResponse.newBuilder().setHeader(replies.header()).build());
  }

  @Override
  public void getAcl(GetAclRequest request, StreamObserver<GetAclResponse> observer) {
    replies.answerRead(observer, request.getContext(), () -> operations.acl(request));
  }

  @Override
  public void setAcl(SetAclRequest request, StreamObserver<SetAclResponse> observer) {
    write(observer, () -> operations.setAcl(request));
  }

  @Override
  public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIResponse> observer) {
    replies.answer(observer, false, operations::whoAmI);
  }
}
