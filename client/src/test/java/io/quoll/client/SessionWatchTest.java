package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionWatchTest {
  private static final ByteString DATA = ByteString.copyFromUtf8("data");

  private final FakeTree tree = new FakeTree();
  private final FakeServer first = FakeServer.start(tree);
  private final FakeServer second = FakeServer.start(tree);
  private final QuollRuntime runtime = QuollRuntime.start();
  private final SessionOptions options =
      SessionOptions.of(first.address() + "," + second.address())
          .withShuffledServers(false)
          .withRequestTimeout(Duration.ofSeconds(20));
  private final QuollSession session = QuollSession.open(options, runtime);
  private final QuollSession writer =
      QuollSession.open(SessionOptions.of(second.address()), runtime);
  private final RecordingHandler handler = new RecordingHandler();

  @AfterEach
  void close() {
    session.close();
    writer.close();
    runtime.close();
    first.close();
    second.close();
  }

  /** All that the handler was told before now. */
  private List<String> told() {
    CompletableFuture<?> after =
        session.async().exists("/").thenRunAsync(() -> {}, session.async().executor());
    after.join();
    return handler.told();
  }

  /** Has the session without a server while the work is done. */
  private void away(Runnable work) {
    first.refuse("NOT_SERVING");
    second.refuse("NOT_SERVING");
    first.cutStreams();
    Awaitility.await().until(() -> session.state() == SessionState.DISCONNECTED);
    work.run();
    second.refuse("");
    Awaitility.await().until(() -> session.state() == SessionState.CONNECTED);
  }

  @Test
  void oneShotWatchesTellOneEvent() {
    session.create("/a", DATA, CreateMode.PERSISTENT);
    session.data("/a", handler);
    session.exists("/b", handler);
    session.children("/a", PageRequest.first(), handler);

    writer.setData("/a", null, 0);
    writer.setData("/a", null, 1);
    writer.create("/b", null, CreateMode.PERSISTENT);
    writer.create("/a/c", null, CreateMode.PERSISTENT);
    writer.create("/a/d", null, CreateMode.PERSISTENT);

    assertThat(told()).containsExactly("DATA_CHANGED /a", "CREATED /b", "CHILDREN_CHANGED /a");
  }

  @Test
  void handlerWithSeveralWatchesOnAZnodeIsToldOnceOfItsDelete() {
    session.create("/a", DATA, CreateMode.PERSISTENT);
    session.data("/a", handler);
    session.exists("/a", handler);
    session.children("/a", PageRequest.first(), handler);
    session.addWatch("/a", WatchMode.PERSISTENT, handler);

    writer.delete("/a", 0);

    assertThat(told()).containsExactly("DELETED /a");
  }

  @Test
  void persistentWatchTellsTheZnodeAndItsListOfChildren() {
    session.addWatch("/a", WatchMode.PERSISTENT, handler);

    writer.create("/a", null, CreateMode.PERSISTENT);
    writer.create("/a/b", null, CreateMode.PERSISTENT);
    writer.setData("/a/b", null, 0);
    writer.setData("/a", null, 0);

    assertThat(told()).containsExactly("CREATED /a", "CHILDREN_CHANGED /a", "DATA_CHANGED /a");
  }

  @Test
  void recursiveWatchTellsAllBelowButNoListsOfChildren() {
    session.addWatch("/", WatchMode.PERSISTENT_RECURSIVE, handler);
    session.addWatch("/a", WatchMode.PERSISTENT, event -> {});

    writer.create("/a", null, CreateMode.PERSISTENT);
    writer.create("/a/b", null, CreateMode.PERSISTENT);
    writer.setData("/a/b", null, 0);
    writer.deleteRecursive("/a");

    assertThat(told())
        .containsExactly(
            "CREATED /a", "CREATED /a/b", "DATA_CHANGED /a/b", "DELETED /a/b", "DELETED /a");
  }

  @Test
  void readThatFailsLeavesNoWatch() {
    QuollException failure =
        catchThrowableOfType(QuollException.class, () -> session.data("/a", handler));
    writer.create("/a", null, CreateMode.PERSISTENT);

    assertThat(failure.code()).isEqualTo(ErrorCode.NO_NODE);
    assertThat(told()).isEmpty();
  }

  @Test
  void eventComesBeforeTheDataThatShowsIt() {
    session.create("/a", DATA, CreateMode.PERSISTENT);
    session.data("/a", handler);

    CompletableFuture<Integer> toldBefore =
        session
            .async()
            .setData("/a", null, 0)
            .thenApplyAsync(stat -> handler.told().size(), session.async().executor());

    assertThat(toldBefore.join()).isEqualTo(1);
  }

  @Test
  void handlerMayWaitForTheSession() {
    CompletableFuture<ZnodeData> read = new CompletableFuture<>();
    session.exists("/a", event -> read.complete(session.data(event.path())));

    writer.create("/a", DATA, CreateMode.PERSISTENT);

    assertThat(read.join().data()).isEqualTo(DATA);
  }

  @Test
  void repliesComeHoweverManyEventsWaitForAHandler() {
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger told = new AtomicInteger();
    session.addWatch(
        "/",
        WatchMode.PERSISTENT_RECURSIVE,
        event -> {
          Uninterruptibles.awaitUninterruptibly(goOn);
          told.incrementAndGet();
        });
    List<Write> thousand =
        Collections.nCopies(1_000, new Write.SetData("/", null, Write.ANY_VERSION));
    for (int i = 0; i < 12; i++) {
      writer.multi(thousand);
    }

    CompletableFuture<?> write = session.async().create("/a", null, CreateMode.PERSISTENT);

    assertThat(write).succeedsWithin(Duration.ofSeconds(10));
    goOn.countDown();
    Awaitility.await().until(() -> told.get() == 12_001);
  }

  @Test
  void handlerThatThrowsDisturbsNobody() {
    session.addWatch(
        "/a",
        WatchMode.PERSISTENT,
        event -> {
          throw new IllegalStateException("on purpose");
        });
    session.addWatch("/a", WatchMode.PERSISTENT, handler);

    writer.create("/a", null, CreateMode.PERSISTENT);

    assertThat(told()).containsExactly("CREATED /a");
  }

  @Test
  void removedWatchTellsItsHandlerAndNothingAfter() {
    session.addWatch("/a", WatchMode.PERSISTENT, handler);

    session.removeWatches("/a", WatchKind.ANY);
    writer.create("/a", null, CreateMode.PERSISTENT);

    assertThat(told()).containsExactly("removed PERSISTENT /a");
    assertThat(session.checkWatches("/a", WatchKind.ANY)).isFalse();
  }

  @Test
  void removingTheWatchOfOneHandlerLeavesThoseOfOthers() {
    RecordingHandler other = new RecordingHandler();
    session.addWatch("/a", WatchMode.PERSISTENT, handler);
    session.addWatch("/a", WatchMode.PERSISTENT, other);

    session.removeWatches("/a", WatchKind.PERSISTENT, other);
    writer.create("/a", null, CreateMode.PERSISTENT);

    assertThat(told()).containsExactly("CREATED /a");
    assertThat(other.told()).containsExactly("removed PERSISTENT /a");
    session.removeWatches("/a", WatchKind.ANY, handler);
    assertThat(session.checkWatches("/a", WatchKind.PERSISTENT)).isFalse();
  }

  @Test
  void removingTheWatchOfOneHandlerLeavesTheOneThatAReadIsSetting() {
    RecordingHandler other = new RecordingHandler();
    session.create("/a", DATA, CreateMode.PERSISTENT);
    session.data("/a", other);

    CompletableFuture<?> removed = session.async().removeWatches("/a", WatchKind.DATA, other);
    CompletableFuture<?> read = session.async().data("/a", handler);
    CompletableFuture.allOf(removed, read).join();
    writer.setData("/a", null, 0);

    assertThat(told()).containsExactly("DATA_CHANGED /a");
    assertThat(other.told()).containsExactly("removed DATA /a");
  }

  @Test
  void removingAWatchThatIsNotThereIsRefused() {
    QuollException none =
        catchThrowableOfType(
            QuollException.class, () -> session.removeWatches("/a", WatchKind.ANY));
    QuollException notItsOwn =
        catchThrowableOfType(
            QuollException.class, () -> session.removeWatches("/a", WatchKind.ANY, handler));

    assertThat(none.code()).isEqualTo(ErrorCode.NO_WATCHER);
    assertThat(notItsOwn.code()).isEqualTo(ErrorCode.NO_WATCHER);
  }

  @Test
  void handlerIsToldOfEachKindOfItsWatchesThatIsRemoved() {
    session.create("/a", DATA, CreateMode.PERSISTENT);
    session.data("/a", handler);
    session.exists("/a", handler);
    session.children("/a", PageRequest.first(), handler);
    session.addWatch("/a", WatchMode.PERSISTENT_RECURSIVE, handler);

    session.removeWatches("/a", WatchKind.ANY);

    assertThat(told())
        .containsExactly(
            "removed CHILDREN /a", "removed DATA /a", "removed PERSISTENT_RECURSIVE /a");
  }

  @Test
  void watchesAreForgottenWhileThereIsNoServerAndNotSetAgain() {
    session.addWatch("/a", WatchMode.PERSISTENT, handler);
    session.addWatch("/b", WatchMode.PERSISTENT, handler);

    away(
        () -> {
          session.forgetWatches("/a", WatchKind.ANY);
          writer.create("/a", null, CreateMode.PERSISTENT);
          writer.create("/b", null, CreateMode.PERSISTENT);
        });
    writer.setData("/a", null, 0);

    assertThat(told()).containsExactly("removed PERSISTENT /a", "CREATED /b");
    assertThat(session.checkWatches("/a", WatchKind.ANY)).isFalse();
    assertThat(session.checkWatches("/b", WatchKind.ANY)).isTrue();
  }

  @Test
  void serverIsToldOfForgottenWatches() {
    session.addWatch("/a", WatchMode.PERSISTENT, handler);
    session.addWatch("/a", WatchMode.PERSISTENT_RECURSIVE, handler);

    session.forgetWatches("/a", WatchKind.PERSISTENT);

    assertThat(session.checkWatches("/a", WatchKind.PERSISTENT)).isFalse();
    assertThat(session.checkWatches("/a", WatchKind.PERSISTENT_RECURSIVE)).isTrue();
    assertThat(told()).containsExactly("removed PERSISTENT /a");
  }

  @Test
  void forgettingLeavesTheWatchThatAReadIsSetting() {
    session.create("/a", DATA, CreateMode.PERSISTENT);
    RecordingHandler other = new RecordingHandler();
    session.data("/a", other);
    first.loseReplies(true);

    CompletableFuture<?> read = session.async().data("/a", handler);
    session.forgetWatches("/a", WatchKind.ANY);
    first.loseReplies(false);
    first.cutStreams();
    read.join();
    writer.setData("/a", null, 0);

    assertThat(told()).containsExactly("DATA_CHANGED /a");
    assertThat(other.told()).containsExactly("removed DATA /a");
  }

  @Test
  void forgettingAWatchThatIsNotThereIsRefused() {
    QuollException none =
        catchThrowableOfType(
            QuollException.class, () -> session.forgetWatches("/a", WatchKind.ANY));
    session.close();
    QuollException late =
        catchThrowableOfType(
            QuollException.class, () -> session.forgetWatches("/a", WatchKind.ANY));

    assertThat(none.code()).isEqualTo(ErrorCode.NO_WATCHER);
    assertThat(late.code()).isEqualTo(ErrorCode.CLOSED);
  }

  @Test
  void oneShotWatchesAreSetAgainAndTellHowThingsAreNow() {
    session.create("/a", DATA, CreateMode.PERSISTENT);
    session.create("/kept", DATA, CreateMode.PERSISTENT);
    session.data("/a", handler);
    session.data("/kept", handler);
    session.exists("/b", handler);

    away(
        () -> {
          writer.setData("/a", null, 0);
          writer.setData("/a", null, 1);
          writer.create("/b", null, CreateMode.PERSISTENT);
        });

    assertThat(told()).containsExactly("DATA_CHANGED /a", "CREATED /b");
    writer.setData("/kept", null, 0);
    assertThat(told()).containsExactly("DATA_CHANGED /a", "CREATED /b", "DATA_CHANGED /kept");
    assertThat(handler.states()).containsExactly(SessionState.DISCONNECTED, SessionState.CONNECTED);
  }

  @Test
  void persistentWatchesTellAllThatTheyMissedOnceAndInOrder() {
    session.addWatch("/", WatchMode.PERSISTENT_RECURSIVE, handler);
    session.addWatch("/a", WatchMode.PERSISTENT, handler);
    session.exists("/a", handler);
    writer.create("/a", null, CreateMode.PERSISTENT);

    away(
        () -> {
          writer.create("/a/b", null, CreateMode.PERSISTENT);
          writer.setData("/a/b", null, 0);
          writer.delete("/a/b", 1);
        });
    writer.setData("/a", null, 0);

    assertThat(told())
        .containsExactly(
            "CREATED /a",
            "CREATED /a/b",
            "CHILDREN_CHANGED /a",
            "DATA_CHANGED /a/b",
            "DELETED /a/b",
            "CHILDREN_CHANGED /a",
            "DATA_CHANGED /a");
    assertThat(handler.zxids()).isSorted();
    assertThat(handler.gaps()).isEmpty();
  }

  @Test
  void historyThatDoesNotReachBackIsToldAsAGap() {
    session.addWatch("/", WatchMode.PERSISTENT_RECURSIVE, handler);
    session.sync("/");
    long seen = tree.zxid();

    away(
        () -> {
          writer.create("/a", null, CreateMode.PERSISTENT);
          tree.trimHistory();
          writer.create("/b", null, CreateMode.PERSISTENT);
        });

    assertThat(told()).containsExactly("CREATED /b");
    assertThat(handler.gaps()).containsExactly(new WatchGap(seen, seen + 1));
  }

  @Test
  void manyWatchesAreSetAgainInPartsOfLimitedSize() {
    String longName = "x".repeat(4_000);
    CompletableFuture<?>[] added =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    session
                        .async()
                        .addWatch("/" + i + longName, WatchMode.PERSISTENT_RECURSIVE, handler))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(added).join();

    away(() -> writer.create("/7" + longName, null, CreateMode.PERSISTENT));

    assertThat(told()).containsExactly("CREATED /7" + longName);
    assertThat(second.setWatchesEver()).isEqualTo(4);
    assertThat(second.watchCount()).isEqualTo(100);
  }

  @Test
  void eventsOfOneZxidThatCameBeforeTheCutAreNotToldAgain() {
    session.addWatch("/", WatchMode.PERSISTENT_RECURSIVE, handler);
    writer.multi(
        List.of(
            new Write.Create("/a", null, CreateMode.PERSISTENT),
            new Write.Create("/b", null, CreateMode.PERSISTENT)));
    Awaitility.await().until(() -> handler.told().size() == 2);

    away(() -> {});

    assertThat(told()).containsExactly("CREATED /a", "CREATED /b");
  }
}
