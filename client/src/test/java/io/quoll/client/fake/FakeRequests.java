package io.quoll.client.fake;

import io.quoll.api.v1.AddAuthResponse;
import io.quoll.api.v1.AddWatchResponse;
import io.quoll.api.v1.CheckWatchesResponse;
import io.quoll.api.v1.CloseSessionResponse;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.ExistsResponse;
import io.quoll.api.v1.GetEphemeralsResponse;
import io.quoll.api.v1.RemoveWatchesResponse;
import io.quoll.api.v1.SessionError;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SetWatchesRequest;
import io.quoll.api.v1.SetWatchesResponse;
import io.quoll.api.v1.SyncResponse;
import io.quoll.api.v1.WatchEvent;
import io.quoll.api.v1.WatchKind;
import io.quoll.client.fake.FakeWatches.Kind;
import java.util.Optional;
import java.util.function.Consumer;

/** What the requests on a session's stream do. Confined to who holds the tree. */
record FakeRequests(
    FakeSessionService service,
    FakeTree tree,
    FakeSession session,
    FakeWatches watches,
    Consumer<WatchEvent> toClient) {
  private static final int REPLIES_MAX = 1_000;

  SessionReply answer(SessionRequest request) {
    SessionReply.Builder reply =
        isWrite(request) ? write(request) : attempt(request, SessionError.Applied.NONE);
    return reply.setXid(request.getXid()).build();
  }

  private static boolean isWrite(SessionRequest request) {
    return switch (request.getRequestCase()) {
      case CREATE, DELETE, DELETE_RECURSIVE, SET_DATA, SET_ACL, MULTI -> true;
      default -> false;
    };
  }

  private SessionReply.Builder write(SessionRequest request) {
    long cxid = request.getCxid();
    if (cxid <= session.lastCxid()) {
      SessionReply recorded = session.recorded(cxid);
      return recorded == null
          ? error(ErrorCode.ERROR_CODE_REPLY_TRIMMED, "", SessionError.Applied.YES)
          : recorded.toBuilder();
    }
    Optional<ErrorCode> injected = service.faults().refusedWrite();
    if (injected.isPresent()) {
      return error(injected.get(), "", SessionError.Applied.NO, 1);
    }
    if (cxid > session.lastCxid() + 1) {
      return error(ErrorCode.ERROR_CODE_CXID_GAP, "", SessionError.Applied.NO, 1);
    }
    if (session.repliesKept() >= REPLIES_MAX) {
      return error(ErrorCode.ERROR_CODE_REPLIES_FULL, "", SessionError.Applied.NO, 0);
    }
    SessionReply.Builder reply = attempt(request, SessionError.Applied.NO);
    session.record(cxid, reply.build());
    return reply;
  }

  private SessionReply.Builder attempt(SessionRequest request, SessionError.Applied ifNot) {
    try {
      SessionReply.Builder reply = SessionReply.newBuilder();
      if (isWrite(request) && !request.hasMulti()) {
        tree.transaction(() -> perform(request, reply));
      } else {
        perform(request, reply);
      }
      return reply.setZxid(tree.zxid());
    } catch (FakeRejection rejection) {
      return error(rejection.code(), rejection.path(), ifNot);
    }
  }

  private SessionReply.Builder error(ErrorCode code, String path, SessionError.Applied applied) {
    return error(code, path, applied, 0);
  }

  private SessionReply.Builder error(
      ErrorCode code, String path, SessionError.Applied applied, int retryAfterMillis) {
    SessionError error =
        SessionError.newBuilder()
            .setCode(code)
            .setMessage("refused at " + path)
            .setPath(path)
            .setApplied(applied)
            .setRetryAfterMillis(retryAfterMillis)
            .build();
    return SessionReply.newBuilder().setZxid(tree.zxid()).setError(error);
  }

  private SessionReply.Builder perform(SessionRequest request, SessionReply.Builder reply) {
    FakeOperations operations = service.operations();
    return switch (request.getRequestCase()) {
      case CREATE -> reply.setCreate(operations.create(request.getCreate(), session.id()));
      case DELETE -> reply.setDelete(operations.delete(request.getDelete()));
      case DELETE_RECURSIVE ->
          reply.setDeleteRecursive(operations.deleteRecursive(request.getDeleteRecursive()));
      case SET_DATA -> reply.setSetData(operations.setData(request.getSetData()));
      case MULTI -> reply.setMulti(operations.multi(request.getMulti(), session.id()));
      case GET_DATA -> data(request, reply);
      case EXISTS -> exists(request, reply);
      case GET_CHILDREN -> children(request, reply);
      case MULTI_READ -> reply.setMultiRead(operations.multiRead(request.getMultiRead()));
      case COUNT_DESCENDANTS ->
          reply.setCountDescendants(operations.count(request.getCountDescendants()));
      case GET_EPHEMERALS -> ephemerals(request.getGetEphemerals().getPathPrefix(), reply);
      case SYNC -> reply.setSync(SyncResponse.getDefaultInstance());
      case ADD_WATCH -> addWatch(request, reply);
      case REMOVE_WATCHES -> removeWatches(request, reply);
      case CHECK_WATCHES -> checkWatches(request, reply);
      case SET_WATCHES -> setWatches(request.getSetWatches(), reply);
      case CLOSE -> close(reply);
      case GET_ACL -> reply.setGetAcl(operations.acl(request.getGetAcl()));
      case SET_ACL -> reply.setSetAcl(operations.setAcl(request.getSetAcl()));
      case WHO_AM_I -> reply.setWhoAmI(operations.whoAmI());
      case ADD_AUTH -> addAuth(request, reply);
      case REQUEST_NOT_SET -> throw new FakeRejection(ErrorCode.ERROR_CODE_BAD_ARGUMENTS, "");
    };
  }

  private static SessionReply.Builder addAuth(SessionRequest request, SessionReply.Builder reply) {
    FakeCaller.current().add(request.getAddAuth().getCredentials().toStringUtf8());
    return reply.setAddAuth(AddAuthResponse.getDefaultInstance());
  }

  private SessionReply.Builder data(SessionRequest request, SessionReply.Builder reply) {
    String path = request.getGetData().getPath();
    reply.setGetData(service.operations().data(path));
    if (request.getGetData().getWatch()) {
      watches.add(path, Kind.DATA);
    }
    return reply;
  }

  private SessionReply.Builder exists(SessionRequest request, SessionReply.Builder reply) {
    String path = request.getExists().getPath();
    ExistsResponse found = service.operations().existence(path);
    if (request.getExists().getWatch()) {
      watches.add(path, found.hasStat() ? Kind.DATA : Kind.EXISTS);
    }
    return reply.setExists(found);
  }

  private SessionReply.Builder children(SessionRequest request, SessionReply.Builder reply) {
    reply.setGetChildren(service.operations().page(request.getGetChildren()));
    if (request.getGetChildren().getWatch()) {
      watches.add(request.getGetChildren().getPath(), Kind.CHILDREN);
    }
    return reply;
  }

  private SessionReply.Builder ephemerals(String prefix, SessionReply.Builder reply) {
    GetEphemeralsResponse.Builder found = GetEphemeralsResponse.newBuilder();
    tree.ephemerals(session.id()).stream()
        .filter(path -> path.startsWith(prefix))
        .forEach(found::addPaths);
    return reply.setGetEphemerals(found);
  }

  private SessionReply.Builder addWatch(SessionRequest request, SessionReply.Builder reply) {
    watches.add(request.getAddWatch().getPath(), request.getAddWatch().getMode());
    return reply.setAddWatch(AddWatchResponse.getDefaultInstance());
  }

  private SessionReply.Builder removeWatches(SessionRequest request, SessionReply.Builder reply) {
    String path = request.getRemoveWatches().getPath();
    requireWatch(watches.remove(path, request.getRemoveWatches().getKind()), path);
    return reply.setRemoveWatches(RemoveWatchesResponse.getDefaultInstance());
  }

  private SessionReply.Builder checkWatches(SessionRequest request, SessionReply.Builder reply) {
    String path = request.getCheckWatches().getPath();
    WatchKind kind = request.getCheckWatches().getKind();
    requireWatch(watches.has(path, kind), path);
    return reply.setCheckWatches(CheckWatchesResponse.getDefaultInstance());
  }

  private static void requireWatch(boolean found, String path) {
    if (!found) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_NO_WATCHER, path);
    }
  }

  private SessionReply.Builder setWatches(SetWatchesRequest request, SessionReply.Builder reply) {
    service.countSetWatches();
    watches.rearm(request, tree).forEach(toClient);
    boolean isForHistory = request.getPersistentCount() + request.getPersistentRecursiveCount() > 0;
    long missing = isForHistory ? tree.history().missingAfter(request.getSinceZxid()) : 0;
    return reply.setSetWatches(SetWatchesResponse.newBuilder().setTrimmedThroughZxid(missing));
  }

  private SessionReply.Builder close(SessionReply.Builder reply) {
    tree.closeSession(session);
    return reply.setClose(CloseSessionResponse.getDefaultInstance());
  }
}
