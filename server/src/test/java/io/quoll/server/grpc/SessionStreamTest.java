package io.quoll.server.grpc;

import static io.quoll.server.grpc.StreamRequests.addWatch;
import static io.quoll.server.grpc.StreamRequests.checkWatches;
import static io.quoll.server.grpc.StreamRequests.children;
import static io.quoll.server.grpc.StreamRequests.close;
import static io.quoll.server.grpc.StreamRequests.count;
import static io.quoll.server.grpc.StreamRequests.delete;
import static io.quoll.server.grpc.StreamRequests.deleteRecursive;
import static io.quoll.server.grpc.StreamRequests.ephemerals;
import static io.quoll.server.grpc.StreamRequests.exists;
import static io.quoll.server.grpc.StreamRequests.getData;
import static io.quoll.server.grpc.StreamRequests.multi;
import static io.quoll.server.grpc.StreamRequests.multiRead;
import static io.quoll.server.grpc.StreamRequests.removeWatches;
import static io.quoll.server.grpc.StreamRequests.setData;
import static io.quoll.server.grpc.StreamRequests.setWatches;
import static io.quoll.server.grpc.StreamRequests.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.CreateMode;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.EventType;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.ServerFrame;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionReply.ReplyCase;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SessionStarted;
import io.quoll.api.v1.SetWatchesRequest;
import io.quoll.api.v1.WatchEvent;
import io.quoll.api.v1.WatchKind;
import io.quoll.api.v1.WatchMode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a session's stream answers. */
class SessionStreamTest {
  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void shutDown() {
    grpc.close();
  }

  @Test
  void theFirstFrameTellsOfTheSessionThatWasOpened() {
    StreamClient client = StreamClient.on(grpc.channel);

    client.open();
    SessionStarted started = client.started();

    assertThat(started.getSessionId()).isEqualTo(1);
    assertThat(started.getSecret().size()).isEqualTo(16);
    assertThat(started.getTimeoutMillis()).isEqualTo(10_000);
    assertThat(started.getEpoch()).isEqualTo(1);
    assertThat(started.getLastCxid()).isZero();
    assertThat(started.getHeader().getZxid()).isEqualTo(1);
    assertThat(started.getHeader().getServerId()).isEqualTo(1);
  }

  @Test
  void everyKindOfWriteIsAnsweredByItsKindOfReply() {
    StreamClient client = StreamClient.opened(grpc.channel);

    client.send(
        StreamRequests.create(1, "/app"),
        setData(2, "/app", "data"),
        multi(3, MultiRequest.newBuilder().addOperations(creation("/app/a"))),
        delete(4, "/app/a"),
        deleteRecursive(5, "/app"));

    SessionReply created = client.reply();
    assertThat(created.getXid()).isEqualTo(101);
    assertThat(created.getZxid()).isEqualTo(2);
    assertThat(created.getCreate().getPath()).isEqualTo("/app");
    assertThat(client.reply().getSetData().getStat().getVersion()).isEqualTo(1);
    assertThat(client.reply().getMulti().getCommitted()).isTrue();
    assertThat(client.reply().getReplyCase()).isEqualTo(ReplyCase.DELETE);
    assertThat(client.reply().getDeleteRecursive().getDeleted()).isEqualTo(1);
  }

  @Test
  void everyKindOfReadIsAnsweredByItsKindOfReply() {
    StreamClient client = StreamClient.opened(grpc.channel);
    client.send(
        StreamRequests.create(1, "/app"),
        StreamRequests.create(2, "/app/e", CreateMode.EPHEMERAL),
        getData(1, "/app"),
        exists(2, "/missing"),
        children(3, "/app"),
        multiRead(4, MultiReadRequest.newBuilder().addOperations(reading("/app"))),
        count(5, "/app"),
        ephemerals(6, "/a"),
        sync(7, "/app"));
    assertThat(client.reply().getZxid()).isEqualTo(2);
    assertThat(client.reply().getCreate().getStat().getEphemeralOwner()).isEqualTo(1);

    SessionReply data = client.reply();
    assertThat(data.getXid()).isEqualTo(1);
    assertThat(data.getZxid()).isEqualTo(3);
    assertThat(data.getGetData().getStat().getNumChildren()).isEqualTo(1);
    assertThat(client.reply().getExists().hasStat()).isFalse();
    assertThat(client.reply().getGetChildren().getChildren(0).getName()).isEqualTo("e");
    assertThat(client.reply().getMultiRead().getResultsCount()).isEqualTo(1);
    assertThat(client.reply().getCountDescendants().getCount()).isEqualTo(1);
    assertThat(client.reply().getGetEphemerals().getPathsList()).containsExactly("/app/e");
    SessionReply synced = client.reply();
    assertThat(synced.getReplyCase()).isEqualTo(ReplyCase.SYNC);
    assertThat(synced.getZxid()).isEqualTo(3);
  }

  @Test
  void aReadBetweenTwoPipelinedWritesSeesExactlyTheFirst() {
    StreamClient client = StreamClient.opened(grpc.channel);

    client.send(
        StreamRequests.create(1, "/app"),
        setData(2, "/app", "first"),
        getData(1, "/app"),
        setData(3, "/app", "second"),
        getData(2, "/app"));

    client.reply();
    client.reply();
    assertThat(client.reply().getGetData().getData()).isEqualTo(bytes("first"));
    client.reply();
    assertThat(client.reply().getGetData().getData()).isEqualTo(bytes("second"));
  }

  @Test
  void manyReadyRepliesComeInFewFrames() {
    StreamClient client = StreamClient.opened(grpc.channel);
    client.ask(StreamRequests.create(1, "/app"));
    int before = client.framesTaken();
    SessionRequest.Builder[] reads = new SessionRequest.Builder[500];
    for (int i = 0; i < reads.length; i++) {
      reads[i] = getData(i + 1, "/app");
    }

    client.send(reads);

    for (int i = 0; i < reads.length; i++) {
      assertThat(client.reply().getXid()).isEqualTo(i + 1);
    }
    assertThat(client.framesTaken() - before).isLessThanOrEqualTo(3);
  }

  @Test
  void aFrameHoldsOneItemAtLeastAndElseNoMoreThanItsLimit() {
    StreamClient client = StreamClient.opened(grpc.channel);
    client.ask(StreamRequests.create(1, "/app"));
    client.ask(setData(2, "/app", ByteString.copyFrom(new byte[200 * 1024])));

    client.send(getData(1, "/app"), getData(2, "/app"), getData(3, "/app"));

    for (int i = 0; i < 3; i++) {
      assertThat(client.frame().getItemsCount()).isEqualTo(1);
    }
  }

  @Test
  void aPingOvertakesSlowWork() {
    StreamClient client = StreamClient.opened(grpc.channel);
    grpc.consensus.holdReplies();
    client.send(StreamRequests.create(1, "/app"), getData(1, "/app"));

    client.send(ClientFrame.newBuilder().setPing(42));
    ServerFrame pong = client.frame();

    assertThat(pong.getPong()).isEqualTo(42);
    assertThat(pong.getItemsCount()).isZero();
    assertThat(pong.getTerm()).isEqualTo(7);
    grpc.consensus.releaseReplies();
    assertThat(client.reply().hasCreate()).isTrue();
    assertThat(client.reply().hasGetData()).isTrue();
  }

  @Test
  void theReplyToAReadComesBeforeTheEventsOfItsWatch() {
    StreamClient client = StreamClient.opened(grpc.channel);
    client.ask(StreamRequests.create(1, "/app"));

    client.send(StreamRequests.getDataAndWatch(1, "/app"), setData(2, "/app", "new"));

    assertThat(client.reply().hasGetData()).isTrue();
    assertThat(client.event().getType()).isEqualTo(EventType.EVENT_TYPE_NODE_DATA_CHANGED);
    assertThat(client.reply().hasSetData()).isTrue();
  }

  @Test
  void whatHappensWhileAReadWaitsForTheDiskIsToldAsMissedByTheWatchThatItLeaves() {
    StreamClient client = StreamClient.opened(grpc.channel);
    client.ask(StreamRequests.create(1, "/app"));
    grpc.store.setForgetful(true);
    grpc.store.holdReads();

    client.send(StreamRequests.getDataAndWatch(1, "/app"), setData(2, "/app", "new"));
    await().atMost(Duration.ofSeconds(10)).until(() -> grpc.store.publishedZxid() == 3);
    grpc.store.releaseReads();

    WatchEvent event = client.event();
    assertThat(event.getPath()).isEqualTo("/app");
    assertThat(event.getMissed()).isTrue();
    assertThat(client.reply().getGetData().getStat().getVersion()).isZero();
    assertThat(client.reply().hasSetData()).isTrue();
  }

  @Test
  void theEventOfAChangeComesBeforeAReadThatShowsIt() {
    StreamClient watching = StreamClient.opened(grpc.channel);
    watching.ask(addWatch(1, "/app", WatchMode.WATCH_MODE_PERSISTENT_RECURSIVE));
    grpc.tree("/app");

    watching.send(exists(2, "/app"));

    assertThat(watching.event().getType()).isEqualTo(EventType.EVENT_TYPE_NODE_CREATED);
    assertThat(watching.reply().getExists().hasStat()).isTrue();
  }

  @Test
  void aReadOfDataOrChildrenOfNothingLeavesNoWatch() {
    StreamClient client = StreamClient.opened(grpc.channel);

    client.ask(StreamRequests.getDataAndWatch(1, "/app"));
    client.ask(StreamRequests.childrenAndWatch(2, "/app"));

    SessionReply checked = client.ask(checkWatches(3, "/app", WatchKind.WATCH_KIND_ANY));
    assertThat(checked.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NO_WATCHER);
  }

  @Test
  void existsOfNothingLeavesAWatchThatTellsOfTheCreation() {
    StreamClient client = StreamClient.opened(grpc.channel);
    client.ask(StreamRequests.existsAndWatch(1, "/app"));

    client.send(StreamRequests.create(1, "/app"));

    assertThat(client.event().getType()).isEqualTo(EventType.EVENT_TYPE_NODE_CREATED);
    assertThat(client.reply().hasCreate()).isTrue();
  }

  @Test
  void childrenLeaveAWatchOnTheListOfChildren() {
    StreamClient client = StreamClient.opened(grpc.channel);
    client.ask(StreamRequests.create(1, "/app"));
    client.ask(StreamRequests.childrenAndWatch(1, "/app"));

    client.send(StreamRequests.create(2, "/app/a"));

    assertThat(client.event().getType()).isEqualTo(EventType.EVENT_TYPE_NODE_CHILDREN_CHANGED);
  }

  @Test
  void watchesAreAddedFoundAndRemoved() {
    StreamClient client = StreamClient.opened(grpc.channel);

    client.send(
        addWatch(1, "/app", WatchMode.WATCH_MODE_PERSISTENT),
        checkWatches(2, "/app", WatchKind.WATCH_KIND_PERSISTENT),
        removeWatches(3, "/app", WatchKind.WATCH_KIND_ANY),
        checkWatches(4, "/app", WatchKind.WATCH_KIND_PERSISTENT));

    assertThat(client.reply().getReplyCase()).isEqualTo(ReplyCase.ADD_WATCH);
    assertThat(client.reply().getReplyCase()).isEqualTo(ReplyCase.CHECK_WATCHES);
    assertThat(client.reply().getReplyCase()).isEqualTo(ReplyCase.REMOVE_WATCHES);
    assertThat(client.reply().getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NO_WATCHER);
  }

  @Test
  void aWatchSetBehindAWriteHearsOfTheWriteAfterItOnly() {
    StreamClient client = StreamClient.opened(grpc.channel);

    client.send(
        StreamRequests.create(1, "/app"),
        addWatch(1, "/app", WatchMode.WATCH_MODE_PERSISTENT),
        setData(2, "/app", "data"));

    assertThat(client.reply().hasCreate()).isTrue();
    assertThat(client.reply().hasAddWatch()).isTrue();
    assertThat(client.event().getType()).isEqualTo(EventType.EVENT_TYPE_NODE_DATA_CHANGED);
    assertThat(client.reply().hasSetData()).isTrue();
  }

  @Test
  void watchesThatAreSetAgainTellWhatTheyMissedBeforeTheReply() {
    StreamClient first = StreamClient.on(grpc.channel);
    first.open();
    SessionStarted session = first.started();
    long seen = first.ask(StreamRequests.create(1, "/app")).getZxid();
    first.cut();
    StreamClient other = StreamClient.opened(grpc.channel);
    other.ask(setData(1, "/app", "missed"));

    StreamClient again = StreamClient.on(grpc.channel);
    again.attach(session.getSessionId(), session.getSecret(), seen);
    again.started();
    again.send(setWatches(1, SetWatchesRequest.newBuilder().setSinceZxid(seen).addData("/app")));

    assertThat(again.event().getType()).isEqualTo(EventType.EVENT_TYPE_NODE_DATA_CHANGED);
    assertThat(again.reply().getReplyCase()).isEqualTo(ReplyCase.SET_WATCHES);
  }

  @Test
  void closingEndsTheSessionAndTheStream() {
    StreamClient client = StreamClient.on(grpc.channel);
    client.open();
    SessionStarted session = client.started();
    client.ask(StreamRequests.create(1, "/e", CreateMode.EPHEMERAL));

    assertThat(client.ask(close(1)).getReplyCase()).isEqualTo(ReplyCase.CLOSE);

    client.awaitEnd();
    assertThat(grpc.sessions.isHeld(session.getSessionId())).isFalse();
    try (var view = grpc.store.view()) {
      assertThat(view.session(session.getSessionId())).isEmpty();
      assertThat(view.ephemerals(session.getSessionId())).isEmpty();
    }
  }

  @Test
  void aStreamThatIsCutLeavesTheSessionAndTakesItsWatchesAlong() {
    StreamClient client = StreamClient.on(grpc.channel);
    client.open();
    SessionStarted session = client.started();
    client.ask(addWatch(1, "/app", WatchMode.WATCH_MODE_PERSISTENT));
    assertThat(grpc.sessions.watches(session.getSessionId())).isEqualTo(1);

    client.cut();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !grpc.sessions.isHeld(session.getSessionId()));
    try (var view = grpc.store.view()) {
      assertThat(view.session(session.getSessionId())).isPresent();
    }
  }

  @Test
  void aStreamWhoseClientEndsItsHalfEndsInOrderAndLeavesTheSession() {
    StreamClient client = StreamClient.on(grpc.channel);
    client.open();
    SessionStarted session = client.started();

    client.halfClose();

    client.awaitEnd();
    assertThat(grpc.sessions.isHeld(session.getSessionId())).isFalse();
    try (var view = grpc.store.view()) {
      assertThat(view.session(session.getSessionId())).isPresent();
    }
  }

  private static MultiOperation creation(String path) {
    return MultiOperation.newBuilder().setCreate(CreateRequest.newBuilder().setPath(path)).build();
  }

  private static ReadOperation reading(String path) {
    return ReadOperation.newBuilder().setGetData(GetDataRequest.newBuilder().setPath(path)).build();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
