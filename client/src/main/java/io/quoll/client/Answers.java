package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.CreateResponse;
import io.quoll.api.v1.GetAclResponse;
import io.quoll.api.v1.GetChildrenResponse;
import io.quoll.api.v1.GetDataResponse;
import io.quoll.api.v1.MultiReadResponse;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.MultiResult;
import io.quoll.api.v1.WhoAmIResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** From the messages of the contract to the values of the client. Thread-safe. */
record Answers(Chroot chroot) {
  Created created(CreateResponse reply) {
    return new Created(chroot.fromTree(reply.getPath()), stat(reply.getStat()));
  }

  ZnodeData znode(GetDataResponse reply) {
    return new ZnodeData(reply.hasData() ? reply.getData() : null, stat(reply.getStat()));
  }

  static ZnodeAcl acl(GetAclResponse reply) {
    return new ZnodeAcl(
        new Acl(
            reply.getAcl().getEntriesList().stream()
                .map(
                    entry ->
                        new Acl.Entry(
                            entry.getScheme(),
                            entry.getId(),
                            Permission.ofBits(entry.getPermissions())))
                .collect(ImmutableList.toImmutableList())),
        stat(reply.getStat()));
  }

  static ImmutableList<Identity> identities(WhoAmIResponse reply) {
    return reply.getIdentitiesList().stream()
        .map(identity -> new Identity(identity.getScheme(), identity.getUser()))
        .collect(ImmutableList.toImmutableList());
  }

  ChildrenPage page(GetChildrenResponse reply) {
    return new ChildrenPage(
        stat(reply.getStat()),
        reply.getChildrenList().stream()
            .map(Answers::child)
            .collect(ImmutableList.toImmutableList()),
        reply.getNextPageToken());
  }

  private static Child child(io.quoll.api.v1.Child child) {
    @Nullable Stat stat = child.hasStat() ? stat(child.getStat()) : null;
    @Nullable ByteString data = child.hasData() ? child.getData() : null;
    return new Child(child.getName(), stat, data);
  }

  MultiOutcome multi(MultiResponse reply, List<Write> writes) {
    ImmutableList.Builder<WriteResult> results = ImmutableList.builder();
    for (int i = 0; i < reply.getResultsCount(); i++) {
      results.add(result(reply.getResults(i), chroot.toTree(writes.get(i).path())));
    }
    return new MultiOutcome(reply.getCommitted(), results.build());
  }

  private WriteResult result(MultiResult result, String treePath) {
    return new WriteResult(
        code(result.getError()),
        chroot.inMessage(result.getMessage(), treePath),
        result.getPath().isEmpty() ? "" : chroot.fromTree(result.getPath()),
        result.hasStat() ? stat(result.getStat()) : null);
  }

  ImmutableList<ReadResult> reads(MultiReadResponse reply, List<Read> reads) {
    return IntStream.range(0, reply.getResultsCount())
        .mapToObj(i -> read(reply.getResults(i), reads.get(i).path()))
        .collect(ImmutableList.toImmutableList());
  }

  private ReadResult read(io.quoll.api.v1.ReadResult result, String path) {
    return switch (result.getResultCase()) {
      case GET_DATA -> new ReadResult.Data(znode(result.getGetData()));
      case EXISTS ->
          new ReadResult.Existence(
              result.getExists().hasStat() ? stat(result.getExists().getStat()) : null);
      case GET_CHILDREN -> new ReadResult.Children(page(result.getGetChildren()));
      case RESULT_NOT_SET ->
          new ReadResult.Failed(
              code(result.getError()), chroot.inMessage(result.getMessage(), chroot.toTree(path)));
    };
  }

  /** An event as the caller knows its path; empty if it is one of a later version. */
  static Optional<WatchEvent> event(io.quoll.api.v1.WatchEvent event, Chroot chroot) {
    String path = chroot.fromTree(event.getPath());
    return eventType(event.getType()).map(type -> new WatchEvent(type, path, event.getZxid()));
  }

  static Optional<EventType> eventType(io.quoll.api.v1.EventType type) {
    return switch (type) {
      case EVENT_TYPE_NODE_CREATED -> Optional.of(EventType.NODE_CREATED);
      case EVENT_TYPE_NODE_DELETED -> Optional.of(EventType.NODE_DELETED);
      case EVENT_TYPE_NODE_DATA_CHANGED -> Optional.of(EventType.NODE_DATA_CHANGED);
      case EVENT_TYPE_NODE_CHILDREN_CHANGED -> Optional.of(EventType.NODE_CHILDREN_CHANGED);
      case EVENT_TYPE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  static QuotaLimits limits(io.quoll.api.v1.QuotaLimits limits) {
    return new QuotaLimits(
        limits.getCount(), limits.getBytes(), limits.getHardCount(), limits.getHardBytes());
  }

  static ErrorCode code(io.quoll.api.v1.ErrorCode code) {
    return ErrorCode.ofReason(code.name().replace("ERROR_CODE_", ""));
  }

  static Stat stat(io.quoll.api.v1.Stat stat) {
    return new Stat(
        stat.getCzxid(),
        stat.getMzxid(),
        stat.getCtime(),
        stat.getMtime(),
        stat.getVersion(),
        stat.getCversion(),
        stat.getAversion(),
        stat.getEphemeralOwner(),
        stat.getDataLength(),
        stat.getNumChildren(),
        stat.getPzxid());
  }

  static SessionInfo session(io.quoll.api.v1.SessionInfo session) {
    return new SessionInfo(
        session.getSessionId(),
        Duration.ofMillis(Integer.toUnsignedLong(session.getTimeoutMillis())),
        session.getEpoch(),
        Integer.toUnsignedLong(session.getEphemerals()),
        session.getAttachedHere(),
        Integer.toUnsignedLong(session.getWatches()));
  }

  static MemberStatus member(io.quoll.api.v1.MemberStatus member) {
    return new MemberStatus(
        member.getId(),
        member.getClientAddress(),
        member.getPeerAddress(),
        member.getReachable(),
        role(member.getRole()),
        member.getTerm(),
        member.getZxid(),
        member.getAppliedIndex(),
        member.getCommitIndex(),
        member.getTreeDigest(),
        member.getLeaderId(),
        member.getVersion());
  }

  private static Role role(io.quoll.api.v1.Role role) {
    return switch (role) {
      case LEADER -> Role.LEADER;
      case FOLLOWER -> Role.FOLLOWER;
      case CANDIDATE -> Role.CANDIDATE;
      case OBSERVER -> Role.OBSERVER;
      case STANDALONE -> Role.STANDALONE;
      case ROLE_UNSPECIFIED, UNRECOGNIZED -> Role.UNKNOWN;
    };
  }
}
