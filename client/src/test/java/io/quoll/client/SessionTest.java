package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final ByteString DATA = ByteString.copyFromUtf8("data");

  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree, 2);
  private final SessionOptions options =
      SessionOptions.of(server.address()).withRequestTimeout(Duration.ofSeconds(10));
  private final QuollSession session = QuollSession.open(options);

  @AfterEach
  void close() {
    session.close();
    server.close();
  }

  @Test
  void openedSessionIsConnectedAndHasWhatWasAgreed() {
    assertThat(session.state()).isEqualTo(SessionState.CONNECTED);
    assertThat(session.id()).isPositive();
    assertThat(session.timeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void createsInAllModes() {
    Duration ttl = Duration.ofSeconds(1);

    session.create("/a", DATA, CreateMode.PERSISTENT);
    session.create("/b", null, CreateMode.CONTAINER);
    Created ephemeral = session.create("/c", null, CreateMode.EPHEMERAL);
    session.create("/t", null, CreateMode.PERSISTENT_WITH_TTL, ttl);

    assertThat(ephemeral.stat().ephemeralOwner()).isEqualTo(session.id());
    assertThat(session.create("/s", null, CreateMode.PERSISTENT_SEQUENTIAL).path())
        .isEqualTo("/s0000000004");
    assertThat(session.create("/s", null, CreateMode.EPHEMERAL_SEQUENTIAL).path())
        .isEqualTo("/s0000000005");
    assertThat(session.create("/s", null, CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL, ttl).path())
        .isEqualTo("/s0000000006");
    assertThat(session.ephemerals("")).containsExactly("/c", "/s0000000005");
    assertThat(session.ephemerals("/s")).containsExactly("/s0000000005");
  }

  @Test
  void timeToLiveIsRefusedInAModeThatHasNone() {
    QuollException failure =
        catchThrowableOfType(
            QuollException.class,
            () -> session.create("/a", null, CreateMode.PERSISTENT, Duration.ofSeconds(1)));

    assertThat(failure.code()).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    assertThat(failure.applied()).isEqualTo(Applied.NO);
  }

  @Test
  void readsAndWritesAsTheClientWithoutASession() {
    session.create("/a", DATA, CreateMode.PERSISTENT);
    session.create("/a/b", null, CreateMode.PERSISTENT);
    session.create("/a/c", null, CreateMode.PERSISTENT);
    session.create("/a/d", null, CreateMode.PERSISTENT);
    Stat changed = session.setData("/a", null, 0);
    session.sync("/");

    assertThat(session.data("/a")).isEqualTo(new ZnodeData(null, session.exists("/a").get()));
    assertThat(changed.version()).isEqualTo(1);
    assertThat(session.exists("/none")).isEmpty();
    assertThat(session.children("/a", PageRequest.first()).children()).hasSize(2);
    assertThat(session.allChildren("/a", PageRequest.first()).children())
        .extracting(Child::name)
        .containsExactly("b", "c", "d");
    assertThat(session.countDescendants("/a")).isEqualTo(3);
    session.delete("/a/b", Write.ANY_VERSION);
    assertThat(session.deleteRecursive("/a")).isEqualTo(3);
  }

  @Test
  void multiIsDoneAsAWholeOrNotAtAll() {
    MultiOutcome done =
        session.multi(
            List.of(new Write.Create("/a", DATA, CreateMode.EPHEMERAL), new Write.Check("/a", 0)));
    MultiOutcome refused =
        session.multi(List.of(new Write.Delete("/a", -1), new Write.Delete("/none", -1)));

    assertThat(done.committed()).isTrue();
    assertThat(refused.committed()).isFalse();
    assertThat(refused.results().get(1).code()).isEqualTo(ErrorCode.NO_NODE);
    assertThat(session.exists("/a").get().ephemeralOwner()).isEqualTo(session.id());
  }

  @Test
  void multiReadTellsTheZxidThatItWasReadAt() {
    session.create("/a", DATA, CreateMode.PERSISTENT);

    MultiReadOutcome found =
        session.multiRead(ImmutableList.of(new Read.GetData("/a"), new Read.Exists("/none")));

    assertThat(found.zxid()).isEqualTo(tree.zxid());
    assertThat(found.results()).hasSize(2);
  }

  @Test
  void errorsCarryCodePathAndWhetherTheWriteTookEffect() {
    QuollException failure =
        catchThrowableOfType(QuollException.class, () -> session.setData("/none", DATA, 0));

    assertThat(failure.code()).isEqualTo(ErrorCode.NO_NODE);
    assertThat(failure.path()).contains("/none");
    assertThat(failure.applied()).isEqualTo(Applied.NO);
  }

  @Test
  void pathsAreThoseBelowTheChroot() {
    session.create("/app", null, CreateMode.PERSISTENT);
    SessionOptions below = SessionOptions.of(server.address() + "/app");
    try (QuollSession inside = QuollSession.open(below)) {
      List<WatchEvent> events = new ArrayList<>();
      NextEvent next = new NextEvent();
      inside.addWatch("/", WatchMode.PERSISTENT_RECURSIVE, events::add);
      inside.exists("/x", next);

      Created created = inside.create("/x", null, CreateMode.EPHEMERAL);

      assertThat(created.path()).isEqualTo("/x");
      assertThat(inside.ephemerals("")).containsExactly("/x");
      assertThat(next.event().join().path()).isEqualTo("/x");
      assertThat(session.exists("/app/x")).isPresent();
      assertThatThrownBy(() -> inside.data("/none")).hasMessageNotContaining("/app");
    }
  }

  @Test
  void requestsMadeTogetherShareFramesAndAreAnsweredInOrder() {
    int before = server.requestFrames();
    List<Integer> order = new ArrayList<>();

    CompletableFuture<?>[] all =
        IntStream.range(0, 500)
            .mapToObj(
                i ->
                    session
                        .async()
                        .create("/n" + i, null, CreateMode.PERSISTENT)
                        .thenRun(() -> order.add(i)))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).join();

    assertThat(order).isSorted().hasSize(500);
    assertThat(server.requestFrames() - before).isLessThan(400);
  }

  @Test
  void readSeesTheSessionsWritesBeforeIt() {
    CompletableFuture<Created> create = session.async().create("/a", DATA, CreateMode.PERSISTENT);
    CompletableFuture<ZnodeData> first = session.async().data("/a");
    CompletableFuture<Stat> set = session.async().setData("/a", null, 0);
    CompletableFuture<ZnodeData> second = session.async().data("/a");

    CompletableFuture.allOf(create, set).join();
    assertThat(first.join().data()).isEqualTo(DATA);
    assertThat(second.join().data()).isNull();
  }

  @Test
  void moreWritesThanMayBeUnacknowledgedWaitInTheClient() {
    List<CompletableFuture<Created>> all =
        IntStream.range(0, 5_000)
            .mapToObj(i -> session.async().create("/n", null, CreateMode.PERSISTENT_SEQUENTIAL))
            .toList();

    all.forEach(CompletableFuture::join);

    assertThat(tree.size()).isEqualTo(5_001);
    assertThat(all.get(4_999).join().path()).isEqualTo("/n0000004999");
  }

  @Test
  void moreRequestsThanMayBeUnderWayAreRefusedUnsent() {
    server.mute();
    List<CompletableFuture<Created>> all =
        IntStream.range(0, RequestInbox.REQUESTS_MAX)
            .mapToObj(i -> session.async().create("/n" + i, null, CreateMode.PERSISTENT))
            .toList();

    QuollException refusal =
        catchThrowableOfType(
            QuollException.class, () -> session.create("/more", null, CreateMode.PERSISTENT));

    assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(refusal.applied()).isEqualTo(Applied.NO);
    server.unmute();
    server.cutStreams();
    all.forEach(CompletableFuture::join);
    assertThat(session.exists("/more")).isEmpty();
  }

  @Test
  void requestLargerThanAServerReadsIsRefusedUnsentAndHoldsUpNobody() {
    ByteString tooLarge = ByteString.copyFrom(new byte[RequestInbox.ONE_REQUEST_BYTES_MAX]);

    CompletableFuture<Stat> write = session.async().setData("/", tooLarge, Write.ANY_VERSION);
    CompletableFuture<?> next = session.async().exists("/");

    assertThat(next).succeedsWithin(Duration.ofSeconds(5));
    QuollException failure = QuollException.in(catchThrowableOfType(Exception.class, write::join));
    assertThat(failure.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(failure.applied()).isEqualTo(Applied.NO);
    assertThat(server.attachedEver()).isEqualTo(1);
  }

  @Test
  void listsOfPartsMayBeUsedAgainAtOnce() {
    List<Write> writes = new ArrayList<>();
    writes.add(new Write.Create("/a", DATA, CreateMode.PERSISTENT));
    List<Read> reads = new ArrayList<>();
    reads.add(new Read.GetData("/a"));

    CompletableFuture<MultiOutcome> written = session.async().multi(writes);
    CompletableFuture<MultiReadOutcome> read = session.async().multiRead(reads);
    writes.clear();
    reads.clear();

    assertThat(written.join().committed()).isTrue();
    assertThat(read.join().results()).hasSize(1);
  }

  @Test
  void waitingOnTheEventLoopIsRefusedInsteadOfWaitingForEver() {
    CompletableFuture<Object> chained;
    synchronized (tree) { // So that no answer comes before something is chained to it.
      chained = session.async().exists("/").thenApply(found -> session.exists("/"));
    }

    assertThatThrownBy(() -> chained.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void waitingOnTheSessionsExecutorIsAllowed() {
    CompletableFuture<Boolean> chained =
        session
            .async()
            .exists("/")
            .thenApplyAsync(found -> session.exists("/").isPresent(), session.async().executor());

    assertThat(chained.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
  }
}
