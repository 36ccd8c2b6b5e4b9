package io.quoll.server.grpc;

import static io.quoll.server.grpc.StreamRequests.addWatch;
import static io.quoll.server.grpc.StreamRequests.children;
import static io.quoll.server.grpc.StreamRequests.count;
import static io.quoll.server.grpc.StreamRequests.delete;
import static io.quoll.server.grpc.StreamRequests.deleteRecursive;
import static io.quoll.server.grpc.StreamRequests.exists;
import static io.quoll.server.grpc.StreamRequests.getData;
import static io.quoll.server.grpc.StreamRequests.multi;
import static io.quoll.server.grpc.StreamRequests.multiRead;
import static io.quoll.server.grpc.StreamRequests.removeWatches;
import static io.quoll.server.grpc.StreamRequests.setData;
import static io.quoll.server.grpc.StreamRequests.setWatches;
import static io.quoll.server.grpc.StreamRequests.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.CreateMode;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.SessionError.Applied;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetWatchesRequest;
import io.quoll.api.v1.WatchKind;
import io.quoll.api.v1.WatchMode;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Reason;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a session's stream refuses requests. */
class SessionStreamErrorsTest {
  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void shutDown() {
    grpc.close();
  }

  static Stream<Arguments> rejectedWrites() {
    return Stream.of(
        arguments("create below nothing", StreamRequests.create(1, "/missing/a"), "NO_NODE"),
        arguments("create what exists", StreamRequests.create(1, "/app"), "NODE_EXISTS"),
        arguments("create the root", StreamRequests.create(1, "/"), "NODE_EXISTS"),
        arguments("create at a bad path", StreamRequests.create(1, "app"), "BAD_ARGUMENTS"),
        arguments(
            "create below an ephemeral",
            StreamRequests.create(1, "/e/a"),
            "NO_CHILDREN_FOR_EPHEMERALS"),
        arguments(
            "create without its time to live",
            StreamRequests.create(1, "/a", CreateMode.PERSISTENT_WITH_TTL),
            "BAD_ARGUMENTS"),
        arguments("delete nothing", delete(1, "/missing"), "NO_NODE"),
        arguments("delete what has children", delete(1, "/app"), "NOT_EMPTY"),
        arguments("delete what is protected", delete(1, "/zookeeper"), "BAD_ARGUMENTS"),
        arguments("delete another version", deleteVersion(1, "/app/child", 5), "BAD_VERSION"),
        arguments("delete a missing subtree", deleteRecursive(1, "/missing"), "NO_NODE"),
        arguments("set the data of nothing", setData(1, "/missing", ""), "NO_NODE"),
        arguments("set the data of another version", setVersion(1, "/app", 5), "BAD_VERSION"),
        arguments(
            "set too much data",
            setData(1, "/app", ByteString.copyFrom(new byte[1_048_577])),
            "LIMIT_EXCEEDED"),
        arguments(
            "multi with an empty operation",
            multi(1, MultiRequest.newBuilder().addOperations(operation())),
            "BAD_ARGUMENTS"),
        arguments(
            "multi with too many operations",
            multi(
                1,
                MultiRequest.newBuilder()
                    .addAllOperations(Collections.nCopies(10_001, operation()))),
            "LIMIT_EXCEEDED"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("rejectedWrites")
  void aRejectedWriteTellsItsErrorAndTakesItsNumber(
      String what, SessionRequest.Builder request, String reason) {
    tree();
    StreamClient client = StreamClient.opened(grpc.channel);

    client.send(request, StreamRequests.create(2, "/next"), request);

    SessionReply rejected = client.reply();
    assertThat(rejected.getError().getCode()).isEqualTo(code(reason));
    assertThat(rejected.getError().getMessage()).isNotEmpty();
    assertThat(rejected.getError().getApplied()).isEqualTo(Applied.NO);
    assertThat(rejected.getXid()).isEqualTo(101);
    assertThat(client.reply().getCreate().getPath()).isEqualTo("/next");
    assertThat(client.reply().getError()).isEqualTo(rejected.getError());
  }

  static Stream<Arguments> rejectedReads() {
    return Stream.of(
        arguments("data of nothing", getData(1, "/missing"), "NO_NODE"),
        arguments("data at a bad path", getData(1, ""), "BAD_ARGUMENTS"),
        arguments("existence at a bad path", exists(1, "/a/../b"), "BAD_ARGUMENTS"),
        arguments("children of nothing", children(1, "/missing"), "NO_NODE"),
        arguments("count below nothing", count(1, "/missing"), "NO_NODE"),
        arguments("sync of a bad path", sync(1, "app"), "BAD_ARGUMENTS"),
        arguments(
            "multi-read with too many operations",
            multiRead(
                1,
                MultiReadRequest.newBuilder()
                    .addAllOperations(
                        Collections.nCopies(1_001, ReadOperation.getDefaultInstance()))),
            "LIMIT_EXCEEDED"),
        arguments(
            "watch at a bad path",
            addWatch(1, "app", WatchMode.WATCH_MODE_PERSISTENT),
            "BAD_ARGUMENTS"),
        arguments(
            "removal of no watch",
            removeWatches(1, "/app", WatchKind.WATCH_KIND_ANY),
            "NO_WATCHER"),
        arguments(
            "check of no watch",
            StreamRequests.checkWatches(1, "/app", WatchKind.WATCH_KIND_DATA),
            "NO_WATCHER"),
        arguments(
            "setting watches at a bad path",
            setWatches(1, SetWatchesRequest.newBuilder().addData("app")),
            "BAD_ARGUMENTS"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("rejectedReads")
  void aRequestThatIsNoWriteTellsItsErrorAndNothingOfApplication(
      String what, SessionRequest.Builder request, String reason) {
    StreamClient client = StreamClient.opened(grpc.channel);

    SessionReply reply = client.ask(request);

    assertThat(reply.getError().getCode()).isEqualTo(code(reason));
    assertThat(reply.getError().getApplied()).isEqualTo(Applied.NONE);
    assertThat(reply.getXid()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void aSyncThatIsNotServedTellsWhyAndWhenToAskAgain(Reason reason) {
    StreamClient client = StreamClient.opened(grpc.channel);
    grpc.consensus.failWith(new UnavailableException(reason, null, "not now"));

    SessionReply reply = client.ask(sync(1, ""));

    assertThat(reply.getError().getCode()).isEqualTo(code(reason.name()));
    assertThat(reply.getError().getRetryAfterMillis()).isPositive();
    grpc.consensus.failWith(null);
    assertThat(client.ask(sync(2, "")).hasSync()).isTrue();
  }

  @Test
  void oneWatchMoreThanTheMostIsRefusedWithLimitExceeded() {
    StreamClient client = StreamClient.opened(grpc.channel);
    SetWatchesRequest.Builder many = SetWatchesRequest.newBuilder().setSinceZxid(1);
    for (int i = 0; i < io.quoll.server.coordination.Watches.WATCHES_PER_WATCHER_MAX; i++) {
      many.addExists("/w" + i);
    }
    assertThat(client.ask(setWatches(1, many)).hasSetWatches()).isTrue();

    SessionReply added = client.ask(addWatch(2, "/x", WatchMode.WATCH_MODE_PERSISTENT));
    SessionReply left = client.ask(StreamRequests.existsAndWatch(3, "/x"));

    assertThat(added.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_LIMIT_EXCEEDED);
    assertThat(left.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_LIMIT_EXCEEDED);
  }

  @Test
  void aNumberThatIsUsedAgainHasTheFirstReplyWhateverItIsUsedFor() {
    StreamClient client = StreamClient.opened(grpc.channel);
    SessionReply first = client.ask(StreamRequests.create(1, "/app"));

    SessionReply again = client.ask(delete(1, "/app"));

    assertThat(again).isEqualTo(first);
  }

  @Test
  void afterAGapTheClientSendsAgainFromTheMissingWriteOn() {
    StreamClient client = StreamClient.opened(grpc.channel);
    client.send(StreamRequests.create(2, "/b"), StreamRequests.create(3, "/c"));
    assertThat(client.reply().getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_CXID_GAP);
    assertThat(client.reply().getError().getApplied()).isEqualTo(Applied.NO);

    client.send(
        StreamRequests.create(1, "/a"),
        StreamRequests.create(2, "/b"),
        StreamRequests.create(3, "/c"));

    assertThat(client.reply().getCreate().getPath()).isEqualTo("/a");
    assertThat(client.reply().getCreate().getPath()).isEqualTo("/b");
    assertThat(client.reply().getCreate().getPath()).isEqualTo("/c");
  }

  @Test
  void aReplyThatWasAcknowledgedIsTrimmedAndItsWriteWasApplied() {
    StreamClient client = StreamClient.opened(grpc.channel);
    client.ask(StreamRequests.create(1, "/a"));
    client.send(
        ClientFrame.newBuilder()
            .setFirstUnacknowledgedCxid(2)
            .addRequests(StreamRequests.create(2, "/b")));
    client.reply();

    SessionReply again = client.ask(StreamRequests.create(1, "/a"));

    assertThat(again.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_REPLY_TRIMMED);
    assertThat(again.getError().getApplied()).isEqualTo(Applied.YES);
  }

  @Test
  void tooManyUnacknowledgedRepliesAreRefusedUntilSomeAreAcknowledged() {
    StreamClient client = StreamClient.opened(grpc.channel);
    ClientFrame.Builder frame = ClientFrame.newBuilder();
    for (int cxid = 1; cxid <= 1_001; cxid++) {
      frame.addRequests(delete(cxid, "/missing"));
    }
    client.send(frame);
    for (int cxid = 1; cxid <= 1_000; cxid++) {
      assertThat(client.reply().getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NO_NODE);
    }
    assertThat(client.reply().getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_REPLIES_FULL);

    client.send(
        ClientFrame.newBuilder()
            .setFirstUnacknowledgedCxid(1_001)
            .addRequests(delete(1_001, "/missing")));

    assertThat(client.reply().getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NO_NODE);
  }

  private void tree() {
    grpc.tree("/app", "/app/child");
    StreamClient owner = StreamClient.opened(grpc.channel);
    owner.ask(StreamRequests.create(1, "/e", CreateMode.EPHEMERAL));
  }

  private static SessionRequest.Builder deleteVersion(long cxid, String path, int version) {
    SessionRequest.Builder request = delete(cxid, path);
    request.getDeleteBuilder().setExpectedVersion(version);
    return request;
  }

  private static SessionRequest.Builder setVersion(long cxid, String path, int version) {
    return StreamRequests.xid(100 + cxid)
        .setCxid(cxid)
        .setSetData(SetDataRequest.newBuilder().setPath(path).setExpectedVersion(version));
  }

  private static MultiOperation operation() {
    return MultiOperation.getDefaultInstance();
  }

  private static ErrorCode code(String reason) {
    return ErrorCode.valueOf("ERROR_CODE_" + reason);
  }
}
