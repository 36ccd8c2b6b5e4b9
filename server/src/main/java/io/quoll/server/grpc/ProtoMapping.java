package io.quoll.server.grpc;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.CheckRequest;
import io.quoll.api.v1.CountDescendantsRequest;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.DeleteRecursiveRequest;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.GetAclRequest;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.GetEphemeralsRequest;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.SetAclRequest;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SyncRequest;
import io.quoll.server.coordination.ReadOptions;
import io.quoll.server.coordination.RequestLimits;
import io.quoll.statemachine.command.Check;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.SetAcl;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.query.CountDescendants;
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.query.GetAcl;
import io.quoll.statemachine.query.GetChildren;
import io.quoll.statemachine.query.GetData;
import io.quoll.statemachine.query.GetEphemerals;
import io.quoll.statemachine.query.MultiRead;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes commands and queries of requests. Each method rejects, with {@code BAD_ARGUMENTS} or {@code
 * LIMIT_EXCEEDED}, a request that is wrong whatever the tree holds.
 */
final class ProtoMapping {
  private static final int ANY_VERSION = -1;

  private ProtoMapping() {}

  static ReadOptions options(RequestContext context) {
    boolean linearizable =
        switch (context.getConsistency()) {
          case CONSISTENCY_UNSPECIFIED, LOCAL -> false;
          case LINEARIZABLE -> true;
          case UNRECOGNIZED ->
              throw badArguments(
                  "", "consistency " + context.getConsistencyValue() + " is unknown");
        };
    // The field is unsigned: what does not fit into a long lies beyond every zxid.
    long minZxid = context.getMinZxid() < 0 ? Long.MAX_VALUE : context.getMinZxid();
    return new ReadOptions(linearizable, minZxid);
  }

  static Create create(CreateRequest request) {
    @Nullable ByteString data = request.hasData() ? request.getData() : null;
    return Create.at(request.getPath(), mode(request), ttlMillis(request), data, acl(request));
  }

  private static CreateMode mode(CreateRequest request) {
    return switch (request.getMode()) {
      case CREATE_MODE_UNSPECIFIED, PERSISTENT -> CreateMode.PERSISTENT;
      case PERSISTENT_SEQUENTIAL -> CreateMode.PERSISTENT_SEQUENTIAL;
      case EPHEMERAL -> CreateMode.EPHEMERAL;
      case EPHEMERAL_SEQUENTIAL -> CreateMode.EPHEMERAL_SEQUENTIAL;
      case CONTAINER -> CreateMode.CONTAINER;
      case PERSISTENT_WITH_TTL -> CreateMode.PERSISTENT_WITH_TTL;
      case PERSISTENT_SEQUENTIAL_WITH_TTL -> CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL;
      case UNRECOGNIZED ->
          throw badArguments(request.getPath(), "mode " + request.getModeValue() + " is unknown");
    };
  }

  // The field is unsigned: what does not fit into a long is longer than every time to live.
  private static long ttlMillis(CreateRequest request) {
    return request.getTtlMillis() < 0 ? Long.MAX_VALUE : request.getTtlMillis();
  }

  private static Acl acl(CreateRequest request) {
    return request.hasAcl() ? acl(request.getAcl()) : Acl.OPEN;
  }

  private static Acl acl(io.quoll.api.v1.Acl acl) {
    return new Acl(
        acl.getEntriesList().stream()
            .map(entry -> new Acl.Entry(entry.getPermissions(), entry.getScheme(), entry.getId()))
            .collect(ImmutableList.toImmutableList()));
  }

  static SetAcl setAcl(SetAclRequest request) {
    int aversion = request.hasExpectedAversion() ? request.getExpectedAversion() : ANY_VERSION;
    return new SetAcl(ZnodePath.of(request.getPath()), acl(request.getAcl()), aversion);
  }

  static GetAcl acl(GetAclRequest request) {
    return new GetAcl(ZnodePath.of(request.getPath()));
  }

  static Delete delete(DeleteRequest request) {
    int version = request.hasExpectedVersion() ? request.getExpectedVersion() : ANY_VERSION;
    return new Delete(ZnodePath.of(request.getPath()), version);
  }

  static DeleteRecursive deleteRecursive(DeleteRecursiveRequest request) {
    return new DeleteRecursive(ZnodePath.of(request.getPath()));
  }

  static SetData setData(SetDataRequest request) {
    int version = request.hasExpectedVersion() ? request.getExpectedVersion() : ANY_VERSION;
    @Nullable ByteString data = request.hasData() ? request.getData() : null;
    return new SetData(ZnodePath.of(request.getPath()), data, version);
  }

  private static Check check(CheckRequest request) {
    int version = request.hasExpectedVersion() ? request.getExpectedVersion() : ANY_VERSION;
    return new Check(ZnodePath.of(request.getPath()), version);
  }

  static Multi multi(MultiRequest request) {
    RequestLimits.checkParts("multi", request.getOperationsCount(), Multi.PARTS_MAX);
    return new Multi(parts(request.getOperationsList(), ProtoMapping::part));
  }

  private static Command part(MultiOperation operation) {
    return switch (operation.getOperationCase()) {
      case CREATE -> create(operation.getCreate());
      case DELETE -> delete(operation.getDelete());
      case SET_DATA -> setData(operation.getSetData());
      case CHECK -> check(operation.getCheck());
      case OPERATION_NOT_SET -> throw badArguments("", "it is not set, or of an unknown kind");
    };
  }

  static GetData data(GetDataRequest request) {
    return new GetData(ZnodePath.of(request.getPath()));
  }

  static Exists exists(ExistsRequest request) {
    return new Exists(ZnodePath.of(request.getPath()));
  }

  static GetChildren children(GetChildrenRequest request) {
    return new GetChildren(
        ZnodePath.of(request.getPath()),
        request.getPageToken(),
        request.getLimit(),
        request.getWithStat(),
        request.getWithData());
  }

  static MultiRead multiRead(MultiReadRequest request) {
    RequestLimits.checkParts("multi-read", request.getOperationsCount(), MultiRead.PARTS_MAX);
    return new MultiRead(parts(request.getOperationsList(), ProtoMapping::part));
  }

  private static Query part(ReadOperation operation) {
    return switch (operation.getOperationCase()) {
      case GET_DATA -> unwatched(operation.getGetData());
      case EXISTS -> unwatched(operation.getExists());
      case GET_CHILDREN -> unwatched(operation.getGetChildren());
      case OPERATION_NOT_SET -> throw badArguments("", "it is not set, or of an unknown kind");
    };
  }

  static CountDescendants count(CountDescendantsRequest request) {
    ZnodePath path = ZnodePath.of(request.getPath());
    if (request.getPageToken().isEmpty()) {
      return new CountDescendants(path, path);
    }
    ZnodePath after = ZnodePath.of(request.getPageToken());
    if (!after.isBelow(path)) {
      throw badArguments(path.value(), "the page token belongs to a count of another path");
    }
    return new CountDescendants(path, after);
  }

  static GetEphemerals ephemerals(GetEphemeralsRequest request, long sessionId) {
    return new GetEphemerals(sessionId, request.getPathPrefix());
  }

  // The path need not exist, but a wrong one is a mistake.
  static void checkSync(SyncRequest request) {
    if (!request.getPath().isEmpty()) {
      ZnodePath.of(request.getPath());
    }
  }

  /** As {@link #data}, where no watch can be left. */
  static GetData unwatched(GetDataRequest request) {
    refuseWatch(request.getWatch(), request.getPath());
    return data(request);
  }

  /** As {@link #exists}, where no watch can be left. */
  static Exists unwatched(ExistsRequest request) {
    refuseWatch(request.getWatch(), request.getPath());
    return exists(request);
  }

  /** As {@link #children}, where no watch can be left. */
  static GetChildren unwatched(GetChildrenRequest request) {
    refuseWatch(request.getWatch(), request.getPath());
    return children(request);
  }

  private static void refuseWatch(boolean watch, String path) {
    if (watch) {
      throw badArguments(path, "a watch is left only by a single read on the stream of a session");
    }
  }

  private static <O, P> ImmutableList<P> parts(List<O> operations, Function<O, P> part) {
    ImmutableList.Builder<P> parts = ImmutableList.builderWithExpectedSize(operations.size());
    for (int index = 0; index < operations.size(); index++) {
      try {
        parts.add(part.apply(operations.get(index)));
      } catch (Rejection rejection) {
        throw new Rejection(
            rejection.code(), rejection.path(), "operation " + index + ": " + rejection.detail());
      }
    }
    return parts.build();
  }

  private static Rejection badArguments(String path, String detail) {
    return new Rejection(ErrorCode.BAD_ARGUMENTS, path, detail);
  }
}
