package io.quoll.server.grpc;

import io.quoll.api.v1.AddAuthResponse;
import io.quoll.api.v1.AddWatchResponse;
import io.quoll.api.v1.CheckWatchesResponse;
import io.quoll.api.v1.CloseSessionResponse;
import io.quoll.api.v1.DeleteResponse;
import io.quoll.api.v1.EventType;
import io.quoll.api.v1.RemoveWatchesResponse;
import io.quoll.api.v1.SessionItem;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionStarted;
import io.quoll.api.v1.SetWatchesResponse;
import io.quoll.api.v1.SyncResponse;
import io.quoll.api.v1.WatchEvent;
import io.quoll.server.coordination.SessionHold;
import io.quoll.server.coordination.SessionReply.AuthAdded;
import io.quoll.server.coordination.SessionReply.Closed;
import io.quoll.server.coordination.SessionReply.Failed;
import io.quoll.server.coordination.SessionReply.Identified;
import io.quoll.server.coordination.SessionReply.Read;
import io.quoll.server.coordination.SessionReply.Synced;
import io.quoll.server.coordination.SessionReply.WatchAdded;
import io.quoll.server.coordination.SessionReply.WatchesFound;
import io.quoll.server.coordination.SessionReply.WatchesRemoved;
import io.quoll.server.coordination.SessionReply.WatchesSet;
import io.quoll.server.coordination.SessionReply.Wrote;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.state.Rejection;

/** Makes what a session's client is sent of what its outbox holds. Thread-safe. */
final class SessionReplies {
  private final Rejections rejections;

  SessionReplies(Rejections rejections) {
    this.rejections = rejections;
  }

  /** The first that a client is told. */
  SessionStarted started(SessionHold hold, ReplyHeaders headers) {
    return SessionStarted.newBuilder()
        .setHeader(headers.at(hold.zxid()))
        .setSessionId(hold.sessionId())
        .setSecret(hold.secret())
        .setTimeoutMillis((int) hold.timeoutMillis())
        .setEpoch(hold.epoch())
        .setLastCxid(hold.lastCxid())
        .build();
  }

  SessionItem item(io.quoll.server.coordination.SessionItem item) {
    if (item instanceof io.quoll.server.coordination.SessionItem.Event event) {
      return SessionItem.newBuilder().setEvent(event(event)).build();
    }
    if (item instanceof io.quoll.server.coordination.SessionItem.Reply reply) {
      return SessionItem.newBuilder().setReply(reply(reply)).build();
    }
    throw new IllegalArgumentException("nothing is known of " + item.getClass());
  }

  private static WatchEvent event(io.quoll.server.coordination.SessionItem.Event item) {
    io.quoll.server.coordination.WatchEvent event = item.event();
    return WatchEvent.newBuilder()
        .setType(
            switch (event.type()) {
              case NODE_CREATED -> EventType.EVENT_TYPE_NODE_CREATED;
              case NODE_DELETED -> EventType.EVENT_TYPE_NODE_DELETED;
              case NODE_DATA_CHANGED -> EventType.EVENT_TYPE_NODE_DATA_CHANGED;
              case NODE_CHILDREN_CHANGED -> EventType.EVENT_TYPE_NODE_CHILDREN_CHANGED;
            })
        .setPath(event.path().value())
        .setZxid(event.zxid())
        .setMissed(item.missed())
        .build();
  }

  private SessionReply reply(io.quoll.server.coordination.SessionItem.Reply item) {
    SessionReply.Builder reply = SessionReply.newBuilder().setXid(item.xid()).setZxid(item.zxid());
    io.quoll.server.coordination.SessionReply body = item.reply();
    if (body instanceof Wrote wrote) {
      wrote(wrote, reply);
    } else if (body instanceof Read read) {
      read(read.answer(), reply);
    } else if (body instanceof Failed failed) {
      reply.setError(rejections.inSession(failed.failure(), false));
    } else {
      done(body, reply);
    }
    return reply.build();
  }

  // By the result and not by the request: one that was sent under a number that was taken has the
  // reply of the write that took it.
  private void wrote(Wrote wrote, SessionReply.Builder reply) {
    Result result = wrote.result();
    if (result instanceof Result.Created) {
      reply.setCreate(ReplyMapping.created(result));
    } else if (result instanceof Result.DataSet) {
      reply.setSetData(ReplyMapping.dataSet(result));
    } else if (result instanceof Result.AclSet) {
      reply.setSetAcl(ReplyMapping.aclSet(result));
    } else if (result instanceof Result.Deleted && wrote.recursive()) {
      reply.setDeleteRecursive(ReplyMapping.deleted(result));
    } else if (result instanceof Result.Deleted) {
      reply.setDelete(DeleteResponse.getDefaultInstance());
    } else if (result instanceof Result.Rejected rejected) {
      Rejection rejection = new Rejection(rejected.code(), rejected.path(), rejected.detail());
      reply.setError(rejections.inSession(rejection, true));
    } else {
      reply.setMulti(ReplyMapping.multi(result));
    }
  }

  private void read(Answer answer, SessionReply.Builder reply) {
    if (answer instanceof Answer.Data) {
      reply.setGetData(ReplyMapping.data(answer));
    } else if (answer instanceof Answer.Found) {
      reply.setExists(ReplyMapping.exists(answer));
    } else if (answer instanceof Answer.Children) {
      reply.setGetChildren(ReplyMapping.children(answer));
    } else if (answer instanceof Answer.AclFound) {
      reply.setGetAcl(ReplyMapping.acl(answer));
    } else if (answer instanceof Answer.All) {
      reply.setMultiRead(ReplyMapping.multiRead(answer));
    } else if (answer instanceof Answer.Count) {
      reply.setCountDescendants(ReplyMapping.count(answer));
    } else if (answer instanceof Answer.Paths) {
      reply.setGetEphemerals(ReplyMapping.ephemerals(answer));
    } else if (answer instanceof Answer.Rejected rejected) {
      Rejection rejection = new Rejection(rejected.code(), rejected.path(), rejected.detail());
      reply.setError(rejections.inSession(rejection, false));
    } else {
      throw new IllegalArgumentException("nothing is known of " + answer.getClass());
    }
  }

  private static void done(
      io.quoll.server.coordination.SessionReply body, SessionReply.Builder reply) {
    if (body instanceof Synced) {
      reply.setSync(SyncResponse.getDefaultInstance());
    } else if (body instanceof WatchAdded) {
      reply.setAddWatch(AddWatchResponse.getDefaultInstance());
    } else if (body instanceof WatchesRemoved) {
      reply.setRemoveWatches(RemoveWatchesResponse.getDefaultInstance());
    } else if (body instanceof WatchesFound) {
      reply.setCheckWatches(CheckWatchesResponse.getDefaultInstance());
    } else if (body instanceof WatchesSet set) {
      reply.setSetWatches(
          SetWatchesResponse.newBuilder().setTrimmedThroughZxid(set.trimmedThroughZxid()));
    } else if (body instanceof AuthAdded) {
      reply.setAddAuth(AddAuthResponse.getDefaultInstance());
    } else if (body instanceof Identified identified) {
      reply.setWhoAmI(ReplyMapping.identified(identified.identities()));
    } else if (body instanceof Closed) {
      reply.setClose(CloseSessionResponse.getDefaultInstance());
    } else {
      throw new IllegalArgumentException("nothing is known of " + body.getClass());
    }
  }
}
