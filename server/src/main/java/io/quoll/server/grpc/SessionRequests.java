package io.quoll.server.grpc;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.api.v1.AddWatchRequest;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.SetWatchesRequest;
import io.quoll.api.v1.SyncRequest;
import io.quoll.api.v1.WatchKind;
import io.quoll.server.coordination.RequestLimits;
import io.quoll.server.coordination.SessionRequest;
import io.quoll.server.coordination.WatchMode;
import io.quoll.server.coordination.Watches;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Refuse;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests of a session of what its client sent. A request that is wrong whatever the tree
 * holds has its turn all the same, and is refused then; only what breaks the rules of the stream is
 * rejected here.
 */
final class SessionRequests {
  private SessionRequests() {}

  /**
   * The requests of a frame of the session {@code sessionId}.
   *
   * @throws Rejection {@code BAD_ARGUMENTS} if one is a write without its number, or of no kind
   */
  static ImmutableList<SessionRequest> of(
      List<io.quoll.api.v1.SessionRequest> requests, long sessionId) {
    return requests.stream().map(request -> of(request, sessionId)).collect(toImmutableList());
  }

  private static SessionRequest of(io.quoll.api.v1.SessionRequest request, long sessionId) {
    return switch (request.getRequestCase()) {
      case CREATE -> write(request, () -> ProtoMapping.create(request.getCreate()));
      case DELETE -> write(request, () -> ProtoMapping.delete(request.getDelete()));
      case DELETE_RECURSIVE ->
          write(request, () -> ProtoMapping.deleteRecursive(request.getDeleteRecursive()));
      case SET_DATA -> write(request, () -> ProtoMapping.setData(request.getSetData()));
      case MULTI -> write(request, () -> ProtoMapping.multi(request.getMulti()));
      case SET_ACL -> write(request, () -> ProtoMapping.setAcl(request.getSetAcl()));
      case REQUEST_NOT_SET ->
          throw new Rejection(
              ErrorCode.BAD_ARGUMENTS, "", "request " + request.getXid() + " is of no known kind");
      default -> refusable(request.getXid(), () -> other(request, sessionId));
    };
  }

  private static SessionRequest write(
      io.quoll.api.v1.SessionRequest request, Supplier<Command> command) {
    if (request.getCxid() <= 0) { // The field is unsigned; no session comes as far as to a sign.
      throw new Rejection(
          ErrorCode.BAD_ARGUMENTS,
          "",
          "request %d is a write and has no cxid, or one out of range: %s"
              .formatted(request.getXid(), Long.toUnsignedString(request.getCxid())));
    }
    return new SessionRequest.Write(request.getXid(), request.getCxid(), orRefuse(command));
  }

  /** The command that {@code command} makes, or the one that takes its number and is rejected. */
  static Command orRefuse(Supplier<Command> command) {
    try {
      Command made = command.get();
      RequestLimits.check(made);
      return made;
    } catch (Rejection refusal) {
      return new Refuse(
          refusal.code(),
          Rejections.shortened(refusal.path()),
          Rejections.shortened(refusal.detail()));
    }
  }

  private static SessionRequest refusable(long xid, Supplier<SessionRequest> request) {
    try {
      return request.get();
    } catch (Rejection refusal) {
      return new SessionRequest.Refused(
          xid,
          new Rejection(
              refusal.code(),
              Rejections.shortened(refusal.path()),
              Rejections.shortened(refusal.detail())));
    }
  }

  private static SessionRequest other(io.quoll.api.v1.SessionRequest request, long sessionId) {
    long xid = request.getXid();
    return switch (request.getRequestCase()) {
      case GET_DATA -> data(xid, request.getGetData());
      case EXISTS -> exists(xid, request.getExists());
      case GET_CHILDREN -> children(xid, request.getGetChildren());
      case MULTI_READ ->
          read(
              xid,
              ProtoMapping.multiRead(request.getMultiRead()),
              request.getMultiRead().getContext(),
              null);
      case COUNT_DESCENDANTS ->
          read(
              xid,
              ProtoMapping.count(request.getCountDescendants()),
              request.getCountDescendants().getContext(),
              null);
      case GET_EPHEMERALS ->
          read(
              xid,
              ProtoMapping.ephemerals(request.getGetEphemerals(), sessionId),
              request.getGetEphemerals().getContext(),
              null);
      case SYNC -> sync(xid, request.getSync());
      case ADD_WATCH -> addWatch(xid, request.getAddWatch());
      case REMOVE_WATCHES ->
          new SessionRequest.RemoveWatches(
              xid,
              ZnodePath.of(request.getRemoveWatches().getPath()),
              modes(request.getRemoveWatches().getKind()));
      case CHECK_WATCHES ->
          new SessionRequest.CheckWatches(
              xid,
              ZnodePath.of(request.getCheckWatches().getPath()),
              modes(request.getCheckWatches().getKind()));
      case SET_WATCHES -> new SessionRequest.SetWatches(xid, rearmed(request.getSetWatches()));
      case GET_ACL ->
          read(xid, ProtoMapping.acl(request.getGetAcl()), request.getGetAcl().getContext(), null);
      case WHO_AM_I -> new SessionRequest.WhoAmI(xid);
      case ADD_AUTH ->
          new SessionRequest.AddAuth(
              xid, request.getAddAuth().getScheme(), request.getAddAuth().getCredentials());
      case CLOSE -> new SessionRequest.Close(xid);
      default -> throw new AssertionError(request.getRequestCase());
    };
  }

  private static SessionRequest data(long xid, GetDataRequest request) {
    @Nullable WatchMode watch = request.getWatch() ? WatchMode.DATA : null;
    return read(xid, ProtoMapping.data(request), request.getContext(), watch);
  }

  private static SessionRequest exists(long xid, ExistsRequest request) {
    @Nullable WatchMode watch = request.getWatch() ? WatchMode.DATA : null;
    return read(xid, ProtoMapping.exists(request), request.getContext(), watch);
  }

  private static SessionRequest children(long xid, GetChildrenRequest request) {
    @Nullable WatchMode watch = request.getWatch() ? WatchMode.CHILDREN : null;
    return read(xid, ProtoMapping.children(request), request.getContext(), watch);
  }

  private static SessionRequest read(
      long xid, Query query, RequestContext context, @Nullable WatchMode watch) {
    return new SessionRequest.Read(xid, query, ProtoMapping.options(context), watch);
  }

  private static SessionRequest sync(long xid, SyncRequest request) {
    ProtoMapping.checkSync(request);
    return new SessionRequest.Sync(xid);
  }

  private static SessionRequest addWatch(long xid, AddWatchRequest request) {
    ZnodePath path = ZnodePath.of(request.getPath());
    WatchMode mode =
        switch (request.getMode()) {
          case WATCH_MODE_UNSPECIFIED, WATCH_MODE_PERSISTENT -> WatchMode.PERSISTENT;
          case WATCH_MODE_PERSISTENT_RECURSIVE -> WatchMode.RECURSIVE;
          case UNRECOGNIZED ->
              throw new Rejection(
                  ErrorCode.BAD_ARGUMENTS, path, "mode " + request.getModeValue() + " is unknown");
        };
    return new SessionRequest.AddWatch(xid, path, mode);
  }

  private static ImmutableSet<WatchMode> modes(WatchKind kind) {
    return switch (kind) {
      case WATCH_KIND_CHILDREN -> ImmutableSet.of(WatchMode.CHILDREN);
      case WATCH_KIND_DATA -> ImmutableSet.of(WatchMode.DATA);
      case WATCH_KIND_UNSPECIFIED, WATCH_KIND_ANY -> ImmutableSet.copyOf(WatchMode.values());
      case WATCH_KIND_PERSISTENT -> ImmutableSet.of(WatchMode.PERSISTENT);
      case WATCH_KIND_PERSISTENT_RECURSIVE -> ImmutableSet.of(WatchMode.RECURSIVE);
      case UNRECOGNIZED ->
          throw new Rejection(ErrorCode.BAD_ARGUMENTS, "", "the kind of watch is unknown");
    };
  }

  private static Watches.Rearmed rearmed(SetWatchesRequest request) {
    // Unsigned: what does not fit into a long lies beyond every zxid.
    long since = request.getSinceZxid() < 0 ? Long.MAX_VALUE : request.getSinceZxid();
    return new Watches.Rearmed(
        since,
        paths(request.getDataList()),
        paths(request.getExistsList()),
        paths(request.getChildrenList()),
        paths(request.getPersistentList()),
        paths(request.getPersistentRecursiveList()));
  }

  private static ImmutableList<ZnodePath> paths(List<String> paths) {
    return paths.stream().map(ZnodePath::of).collect(toImmutableList());
  }
}
