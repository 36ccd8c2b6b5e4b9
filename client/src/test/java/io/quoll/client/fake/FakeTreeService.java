package io.quoll.client.fake;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.Child;
import io.quoll.api.v1.CountDescendantsRequest;
import io.quoll.api.v1.CountDescendantsResponse;
import io.quoll.api.v1.CreateMode;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.CreateResponse;
import io.quoll.api.v1.DeleteRecursiveRequest;
import io.quoll.api.v1.DeleteRecursiveResponse;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.DeleteResponse;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.ExistsResponse;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetChildrenResponse;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.GetDataResponse;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiReadResponse;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.MultiResult;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.ReadResult;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetDataResponse;
import io.quoll.api.v1.Stat;
import io.quoll.api.v1.SyncRequest;
import io.quoll.api.v1.SyncResponse;
import io.quoll.api.v1.TreeServiceGrpc;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The contract's tree service over a {@link FakeTree}. Thread-safe. */
final class FakeTreeService extends TreeServiceGrpc.TreeServiceImplBase {
  private final FakeTree tree;
  private final Replies replies;
  private final int pageMax;

  FakeTreeService(FakeTree tree, Replies replies, int pageMax) {
    this.tree = tree;
    this.replies = replies;
    this.pageMax = pageMax;
  }

  private <T> void write(StreamObserver<T> observer, Supplier<T> work) {
    replies.answer(observer, true, () -> tree.transaction(work));
  }

  private <T> void read(StreamObserver<T> observer, RequestContext context, Supplier<T> work) {
    replies.answerRead(observer, context, work);
  }

  @Override
  public void create(CreateRequest request, StreamObserver<CreateResponse> observer) {
    write(
        observer,
        () -> {
          String path = create(request);
          return CreateResponse.newBuilder()
              .setHeader(replies.header())
              .setPath(path)
              .setStat(tree.require(path).stat())
              .build();
        });
  }

  private String create(CreateRequest request) {
    return tree.create(
        request.getPath(),
        request.hasData() ? request.getData() : null,
        request.getMode() == CreateMode.PERSISTENT_SEQUENTIAL);
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    write(
        observer,
        () -> {
          delete(request);
          return DeleteResponse.newBuilder().setHeader(replies.header()).build();
        });
  }

  private void delete(DeleteRequest request) {
    tree.delete(
        request.getPath(), request.hasExpectedVersion() ? request.getExpectedVersion() : -1);
  }

  @Override
  public void deleteRecursive(
      DeleteRecursiveRequest request, StreamObserver<DeleteRecursiveResponse> observer) {
    write(
        observer,
        () -> {
          int deleted = tree.deleteRecursive(request.getPath());
          return DeleteRecursiveResponse.newBuilder()
              .setHeader(replies.header())
              .setDeleted(deleted)
              .build();
        });
  }

  @Override
  public void setData(SetDataRequest request, StreamObserver<SetDataResponse> observer) {
    write(
        observer,
        () -> {
          Stat stat = setData(request);
          return SetDataResponse.newBuilder().setHeader(replies.header()).setStat(stat).build();
        });
  }

  private Stat setData(SetDataRequest request) {
    return tree.setData(
        request.getPath(),
        request.hasData() ? request.getData() : null,
        request.hasExpectedVersion() ? request.getExpectedVersion() : -1);
  }

  @Override
  public void multi(MultiRequest request, StreamObserver<MultiResponse> observer) {
    replies.answer(
        observer,
        true,
        () -> {
          MultiResponse.Builder done = MultiResponse.newBuilder();
          try {
            tree.transaction(
                () -> {
                  request.getOperationsList().forEach(part -> done.addResults(part(part)));
                  return done.setCommitted(true).setHeader(replies.header());
                });
            return done.build();
          } catch (FakeRejection rejection) {
            return rejected(request.getOperationsCount(), done.getResultsCount(), rejection);
          }
        });
  }

  private MultiResult part(MultiOperation part) {
    MultiResult.Builder result = MultiResult.newBuilder();
    switch (part.getOperationCase()) {
      case CREATE -> {
        String path = create(part.getCreate());
        result.setPath(path).setStat(tree.require(path).stat());
      }
      case DELETE -> delete(part.getDelete());
      case SET_DATA -> result.setStat(setData(part.getSetData()));
      case CHECK -> tree.check(part.getCheck().getPath(), part.getCheck().getExpectedVersion());
      case OPERATION_NOT_SET -> throw new IllegalArgumentException("a part without an operation");
    }
    return result.build();
  }

  private MultiResponse rejected(int parts, int failedPart, FakeRejection rejection) {
    MultiResponse.Builder response = MultiResponse.newBuilder().setHeader(replies.header());
    for (int i = 0; i < parts; i++) {
      MultiResult.Builder result = MultiResult.newBuilder();
      if (i == failedPart) {
        result.setError(rejection.code()).setMessage(String.valueOf(rejection.getMessage()));
      } else if (i > failedPart) {
        result.setError(ErrorCode.ERROR_CODE_RUNTIME_INCONSISTENCY);
      }
      response.addResults(result);
    }
    return response.build();
  }

  @Override
  public void getData(GetDataRequest request, StreamObserver<GetDataResponse> observer) {
    read(observer, request.getContext(), () -> data(request.getPath()));
  }

  private GetDataResponse data(String path) {
    FakeNode node = tree.require(path);
    GetDataResponse.Builder response =
        GetDataResponse.newBuilder().setHeader(replies.header()).setStat(node.stat());
    @Nullable ByteString data = node.data();
    return data == null ? response.build() : response.setData(data).build();
  }

  @Override
  public void exists(ExistsRequest request, StreamObserver<ExistsResponse> observer) {
    read(observer, request.getContext(), () -> existence(request.getPath()));
  }

  private ExistsResponse existence(String path) {
    ExistsResponse.Builder response = ExistsResponse.newBuilder().setHeader(replies.header());
    return tree.contains(path)
        ? response.setStat(tree.require(path).stat()).build()
        : response.build();
  }

  @Override
  public void getChildren(
      GetChildrenRequest request, StreamObserver<GetChildrenResponse> observer) {
    read(observer, request.getContext(), () -> page(request));
  }

  private GetChildrenResponse page(GetChildrenRequest request) {
    int limit = request.getLimit() == 0 ? pageMax : Math.min(pageMax, request.getLimit());
    List<String> names = tree.names(request.getPath(), request.getPageToken(), limit + 1);
    boolean isLast = names.size() <= limit;
    GetChildrenResponse.Builder response =
        GetChildrenResponse.newBuilder()
            .setHeader(replies.header())
            .setStat(tree.require(request.getPath()).stat());
    for (String name : isLast ? names : names.subList(0, limit)) {
      FakeNode node = tree.require(FakeTree.child(request.getPath(), name));
      Child.Builder child = Child.newBuilder().setName(name);
      if (request.getWithStat()) {
        child.setStat(node.stat());
      }
      @Nullable ByteString data = node.data();
      if (request.getWithData() && data != null) {
        child.setData(data);
      }
      response.addChildren(child);
    }
    return response.setNextPageToken(isLast ? "" : names.get(limit - 1)).build();
  }

  @Override
  public void multiRead(MultiReadRequest request, StreamObserver<MultiReadResponse> observer) {
    read(
        observer,
        request.getContext(),
        () -> {
          MultiReadResponse.Builder response =
              MultiReadResponse.newBuilder().setHeader(replies.header());
          request.getOperationsList().forEach(part -> response.addResults(part(part)));
          return response.build();
        });
  }

  private ReadResult part(ReadOperation part) {
    ReadResult.Builder result = ReadResult.newBuilder();
    try {
      switch (part.getOperationCase()) {
        case GET_DATA -> result.setGetData(data(part.getGetData().getPath()));
        case EXISTS -> result.setExists(existence(part.getExists().getPath()));
        case GET_CHILDREN -> result.setGetChildren(page(part.getGetChildren()));
        case OPERATION_NOT_SET -> throw new IllegalArgumentException("a part without an operation");
      }
    } catch (FakeRejection rejection) {
      result.setError(rejection.code()).setMessage(String.valueOf(rejection.getMessage()));
    }
    return result.build();
  }

  @Override
  public void countDescendants(
      CountDescendantsRequest request, StreamObserver<CountDescendantsResponse> observer) {
    read(observer, request.getContext(), () -> count(request));
  }

  /** Counts in two pages, so that whoever forgets the second one counts wrongly. */
  private CountDescendantsResponse count(CountDescendantsRequest request) {
    int all = tree.countBelow(request.getPath());
    boolean isFirst = request.getPageToken().isEmpty();
    return CountDescendantsResponse.newBuilder()
        .setHeader(replies.header())
        .setCount(isFirst ? all / 2 : all - all / 2)
        .setNextPageToken(isFirst ? "half" : "")
        .build();
  }

  @Override
  public void sync(SyncRequest request, StreamObserver<SyncResponse> observer) {
    replies.answer(
        observer, false, () -> SyncResponse.newBuilder().setHeader(replies.header()).build());
  }
}
