package io.quoll.client.fake;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.Acl;
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
import io.quoll.api.v1.ExistsResponse;
import io.quoll.api.v1.GetAclRequest;
import io.quoll.api.v1.GetAclResponse;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetChildrenResponse;
import io.quoll.api.v1.GetDataResponse;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiReadResponse;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.MultiResult;
import io.quoll.api.v1.Permission;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.ReadResult;
import io.quoll.api.v1.SetAclRequest;
import io.quoll.api.v1.SetAclResponse;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetDataResponse;
import io.quoll.api.v1.Stat;
import io.quoll.api.v1.WhoAmIResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the requests of the contract do to a {@link FakeTree}. Thread-safe. */
record FakeOperations(FakeTree tree, Replies replies, int pageMax) {
  CreateResponse create(CreateRequest request, long session) {
    String path = createZnode(request, session);
    return CreateResponse.newBuilder()
        .setHeader(replies.header())
        .setPath(path)
        .setStat(tree.require(path).stat())
        .build();
  }

  private String createZnode(CreateRequest request, long session) {
    CreateMode mode = request.getMode();
    boolean isEphemeral = mode == CreateMode.EPHEMERAL || mode == CreateMode.EPHEMERAL_SEQUENTIAL;
    boolean hasTtl =
        mode == CreateMode.PERSISTENT_WITH_TTL || mode == CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL;
    if ((isEphemeral && session == 0) || hasTtl != request.getTtlMillis() > 0) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_BAD_ARGUMENTS, request.getPath());
    }
    boolean isSequential =
        mode == CreateMode.PERSISTENT_SEQUENTIAL
            || mode == CreateMode.EPHEMERAL_SEQUENTIAL
            || mode == CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL;
    Acl acl =
        request.hasAcl()
            ? FakeCaller.current().resolved(request.getAcl(), request.getPath())
            : FakeCaller.OPEN;
    requireOfParent(request.getPath(), Permission.PERMISSION_CREATE);
    return tree.create(
        request.getPath(),
        request.hasData() ? request.getData() : null,
        isSequential,
        isEphemeral ? session : 0,
        acl);
  }

  /** What concerns a znode that is missing is left to the tree. */
  private void require(String path, Permission... any) {
    if (tree.contains(path)) {
      FakeCaller.current().require(tree.require(path).acl(), path, any);
    }
  }

  private void requireOfParent(String path, Permission permission) {
    if (path.startsWith("/") && !path.equals("/")) {
      String parent = FakeTree.parent(path);
      if (tree.contains(parent)) {
        FakeCaller.current().require(tree.require(parent).acl(), path, permission);
      }
    }
  }

  DeleteResponse delete(DeleteRequest request) {
    deleteZnode(request);
    return DeleteResponse.newBuilder().setHeader(replies.header()).build();
  }

  private void deleteZnode(DeleteRequest request) {
    requireOfParent(request.getPath(), Permission.PERMISSION_DELETE);
    tree.delete(
        request.getPath(), request.hasExpectedVersion() ? request.getExpectedVersion() : -1);
  }

  DeleteRecursiveResponse deleteRecursive(DeleteRecursiveRequest request) {
    int deleted = tree.deleteRecursive(request.getPath());
    return DeleteRecursiveResponse.newBuilder()
        .setHeader(replies.header())
        .setDeleted(deleted)
        .build();
  }

  SetDataResponse setData(SetDataRequest request) {
    Stat stat = setZnodeData(request);
    return SetDataResponse.newBuilder().setHeader(replies.header()).setStat(stat).build();
  }

  private Stat setZnodeData(SetDataRequest request) {
    require(request.getPath(), Permission.PERMISSION_WRITE);
    return tree.setData(
        request.getPath(),
        request.hasData() ? request.getData() : null,
        request.hasExpectedVersion() ? request.getExpectedVersion() : -1);
  }

  /** A transaction of its own. */
  MultiResponse multi(MultiRequest request, long session) {
    MultiResponse.Builder done = MultiResponse.newBuilder();
    try {
      tree.transaction(
          () -> {
            request.getOperationsList().forEach(part -> done.addResults(part(part, session)));
            return done.setCommitted(true).setHeader(replies.header());
          });
      return done.build();
    } catch (FakeRejection rejection) {
      return rejected(request.getOperationsCount(), done.getResultsCount(), rejection);
    }
  }

  private MultiResult part(MultiOperation part, long session) {
    MultiResult.Builder result = MultiResult.newBuilder();
    switch (part.getOperationCase()) {
      case CREATE -> {
        String path = createZnode(part.getCreate(), session);
        result.setPath(path).setStat(tree.require(path).stat());
      }
      case DELETE -> deleteZnode(part.getDelete());
      case SET_DATA -> result.setStat(setZnodeData(part.getSetData()));
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

  GetDataResponse data(String path) {
    require(path, Permission.PERMISSION_READ);
    FakeNode node = tree.require(path);
    GetDataResponse.Builder response =
        GetDataResponse.newBuilder().setHeader(replies.header()).setStat(node.stat());
    @Nullable ByteString data = node.data();
    return data == null ? response.build() : response.setData(data).build();
  }

  ExistsResponse existence(String path) {
    ExistsResponse.Builder response = ExistsResponse.newBuilder().setHeader(replies.header());
    require(path, Permission.PERMISSION_READ);
    return tree.contains(path)
        ? response.setStat(tree.require(path).stat()).build()
        : response.build();
  }

  GetChildrenResponse page(GetChildrenRequest request) {
    require(request.getPath(), Permission.PERMISSION_READ);
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

  MultiReadResponse multiRead(MultiReadRequest request) {
    MultiReadResponse.Builder response = MultiReadResponse.newBuilder().setHeader(replies.header());
    request.getOperationsList().forEach(part -> response.addResults(part(part)));
    return response.build();
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

  GetAclResponse acl(GetAclRequest request) {
    require(request.getPath(), Permission.PERMISSION_READ, Permission.PERMISSION_ADMIN);
    FakeNode node = tree.require(request.getPath());
    return GetAclResponse.newBuilder()
        .setHeader(replies.header())
        .setAcl(node.acl())
        .setStat(node.stat())
        .build();
  }

  SetAclResponse setAcl(SetAclRequest request) {
    String path = request.getPath();
    Acl acl = FakeCaller.current().resolved(request.getAcl(), path);
    require(path, Permission.PERMISSION_ADMIN);
    Stat stat =
        tree.setAcl(path, acl, request.hasExpectedAversion() ? request.getExpectedAversion() : -1);
    return SetAclResponse.newBuilder().setHeader(replies.header()).setStat(stat).build();
  }

  WhoAmIResponse whoAmI() {
    return FakeCaller.current().whoAmI().setHeader(replies.header()).build();
  }

  /** Counts in two pages, so that whoever forgets the second one counts wrongly. */
  CountDescendantsResponse count(CountDescendantsRequest request) {
    int all = tree.countBelow(request.getPath());
    boolean isFirst = request.getPageToken().isEmpty();
    return CountDescendantsResponse.newBuilder()
        .setHeader(replies.header())
        .setCount(isFirst ? all / 2 : all - all / 2)
        .setNextPageToken(isFirst ? "half" : "")
        .build();
  }
}
