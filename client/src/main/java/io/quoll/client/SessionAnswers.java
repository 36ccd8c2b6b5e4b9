package io.quoll.client;

import com.google.common.collect.ImmutableList;
import io.quoll.api.v1.SessionError;
import io.quoll.api.v1.SessionReply;
import java.util.List;
import java.util.Optional;

/** From the replies of a session's stream to the values of the client. Thread-safe. */
record SessionAnswers(Answers answers) {
  Created created(SessionReply reply) {
    return answers.created(reply.getCreate());
  }

  MultiOutcome multi(SessionReply reply, List<Write> writes) {
    return answers.multi(reply.getMulti(), writes);
  }

  ZnodeData znode(SessionReply reply) {
    return answers.znode(reply.getGetData());
  }

  Optional<Stat> existence(SessionReply reply) {
    return reply.getExists().hasStat()
        ? Optional.of(Answers.stat(reply.getExists().getStat()))
        : Optional.empty();
  }

  ChildrenPage page(SessionReply reply) {
    return answers.page(reply.getGetChildren());
  }

  MultiReadOutcome reads(SessionReply reply, List<Read> reads) {
    return new MultiReadOutcome(reply.getZxid(), answers.reads(reply.getMultiRead(), reads));
  }

  ImmutableList<String> ephemerals(SessionReply reply) {
    return reply.getGetEphemerals().getPathsList().stream()
        .filter(answers.chroot()::covers)
        .map(answers.chroot()::fromTree)
        .collect(ImmutableList.toImmutableList());
  }

  static io.quoll.api.v1.WatchMode mode(WatchMode mode) {
    return switch (mode) {
      case PERSISTENT -> io.quoll.api.v1.WatchMode.WATCH_MODE_PERSISTENT;
      case PERSISTENT_RECURSIVE -> io.quoll.api.v1.WatchMode.WATCH_MODE_PERSISTENT_RECURSIVE;
    };
  }

  static io.quoll.api.v1.WatchKind kind(WatchKind kind) {
    return switch (kind) {
      case CHILDREN -> io.quoll.api.v1.WatchKind.WATCH_KIND_CHILDREN;
      case DATA -> io.quoll.api.v1.WatchKind.WATCH_KIND_DATA;
      case ANY -> io.quoll.api.v1.WatchKind.WATCH_KIND_ANY;
      case PERSISTENT -> io.quoll.api.v1.WatchKind.WATCH_KIND_PERSISTENT;
      case PERSISTENT_RECURSIVE -> io.quoll.api.v1.WatchKind.WATCH_KIND_PERSISTENT_RECURSIVE;
    };
  }

  QuollException exception(SessionError error) {
    String treePath = error.getPath();
    return new QuollException(
        Answers.code(error.getCode()),
        treePath.isEmpty() ? null : answers.chroot().fromTree(treePath),
        switch (error.getApplied()) {
          case YES -> Applied.YES;
          case NO, NONE -> Applied.NO;
          case UNKNOWN, UNRECOGNIZED -> Applied.UNKNOWN;
        },
        answers.chroot().inMessage(error.getMessage(), treePath),
        null);
  }
}
