package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionReattachTest {
  private final FakeTree tree = new FakeTree();
  private final FakeServer first = FakeServer.start(tree);
  private final FakeServer second = FakeServer.start(tree);
  private final SessionOptions options =
      SessionOptions.of(first.address() + "," + second.address())
          .withShuffledServers(false)
          .withRequestTimeout(Duration.ofSeconds(20));
  private final QuollRuntime runtime = QuollRuntime.start();
  private final QuollSession session = QuollSession.open(options, runtime);

  @AfterEach
  void close() {
    session.close();
    runtime.close();
    first.close();
    second.close();
  }

  @Test
  void sessionGoesToTheNextServerWhenItsOwnDies() {
    long id = session.id();
    session.create("/a", null, CreateMode.EPHEMERAL);

    first.close();

    assertThat(session.ephemerals("")).containsExactly("/a");
    assertThat(session.id()).isEqualTo(id);
    assertThat(second.attachedNow()).isEqualTo(1);
  }

  @Test
  void sessionComesBackToTheOnlyServerThereIs() {
    SessionOptions only = SessionOptions.of(first.address());
    try (QuollSession lonely = QuollSession.open(only, runtime)) {
      first.cutStreams();

      assertThat(lonely.exists("/")).isPresent();
    }
  }

  @Test
  void stateOfTheConnectionIsToldInOrder() {
    List<SessionState> states = new CopyOnWriteArrayList<>();
    session.async().addStateListener(states::add);
    Awaitility.await().until(() -> states.size() == 1);

    first.cutStreams();
    Awaitility.await().until(() -> states.size() == 3);
    session.close();
    Awaitility.await().until(() -> states.size() == 4);

    assertThat(states)
        .containsExactly(
            SessionState.CONNECTED,
            SessionState.DISCONNECTED,
            SessionState.CONNECTED,
            SessionState.CLOSED);
  }

  @Test
  void writeWithALostReplyIsAppliedOnceAndAnsweredByItsFirstReply() {
    first.loseReplies(true);
    CompletableFuture<Created> write =
        session.async().create("/n", null, CreateMode.PERSISTENT_SEQUENTIAL);
    Awaitility.await().until(() -> tree.size() == 2);

    first.cutStreams();

    assertThat(write.join().path()).isEqualTo("/n0000000000");
    assertThat(tree.size()).isEqualTo(2);
  }

  @Test
  void requestsUnderWayAreSentAgainInTheirOrder() {
    first.mute();
    CompletableFuture<Created> create = session.async().create("/a", null, CreateMode.PERSISTENT);
    CompletableFuture<Stat> set = session.async().setData("/a", null, 0);
    CompletableFuture<ZnodeData> read = session.async().data("/a");
    CompletableFuture<Stat> setAgain = session.async().setData("/a", null, 1);

    first.close();

    assertThat(read.join().stat().version()).isEqualTo(1);
    assertThat(setAgain.join().version()).isEqualTo(2);
    assertThat(CompletableFuture.allOf(create, set)).isCompleted();
  }

  @Test
  void writesThatTheServerDidNotNumberAreSentAgainFromThereOn() {
    first.refuseWrites(3, io.quoll.api.v1.ErrorCode.ERROR_CODE_CXID_GAP);

    List<CompletableFuture<Created>> all =
        IntStream.range(0, 20)
            .mapToObj(i -> session.async().create("/n", null, CreateMode.PERSISTENT_SEQUENTIAL))
            .toList();

    for (int i = 0; i < 20; i++) {
      assertThat(all.get(i).join().path()).isEqualTo("/n%010d".formatted(i));
    }
    assertThat(first.attachedEver()).isEqualTo(1);
  }

  @Test
  void writeBeyondTheRepliesThatAreKeptIsSentAgain() {
    first.refuseWrites(1, io.quoll.api.v1.ErrorCode.ERROR_CODE_LIMIT_EXCEEDED);

    assertThat(session.create("/a", null, CreateMode.PERSISTENT).path()).isEqualTo("/a");
  }

  @Test
  void serverThatRefusesTheSessionIsPassedOver() {
    first.refuse("OVERLOADED");
    first.cutStreams();

    assertThat(session.exists("/")).isPresent();
    assertThat(second.attachedNow()).isEqualTo(1);
  }

  @Test
  void sessionThatWasMovedIsAttachedAgain() {
    tree.moveSession(session.id());

    assertThat(session.exists("/")).isPresent();
    assertThat(session.state()).isEqualTo(SessionState.CONNECTED);
  }

  @Test
  void silentServerIsLeftAfterHalfOfTheTimeout() {
    SessionOptions hasty = options.withSessionTimeout(Duration.ofMillis(900));
    try (QuollSession impatient = QuollSession.open(hasty, runtime)) {
      first.mute();

      assertThat(impatient.exists("/")).isPresent();
      assertThat(second.attachedNow()).isEqualTo(1);
    } finally {
      first.unmute();
      first.cutStreams();
    }
  }

  @Test
  void idleSessionPingsItsServer() {
    SessionOptions hasty = options.withSessionTimeout(Duration.ofMillis(300));
    try (QuollSession idle = QuollSession.open(hasty, runtime)) {
      Awaitility.await().until(() -> first.pings() >= 3);

      assertThat(idle.state()).isEqualTo(SessionState.CONNECTED);
      assertThat(first.attachedEver()).isEqualTo(2);
    }
  }

  @Test
  void openingTellsWhyNoServerWouldHaveTheSession() {
    first.refuse("NO_QUORUM");
    second.refuse("NO_QUORUM");

    QuollException failure =
        catchThrowableOfType(
            QuollException.class,
            () -> QuollSession.open(options.withRequestTimeout(Duration.ofMillis(300)), runtime));

    assertThat(failure.code()).isEqualTo(ErrorCode.NO_QUORUM);
  }

  @Test
  void requestsMadeBeforeTheSessionIsOpenWaitForIt() {
    first.refuse("NOT_SERVING");
    second.refuse("NOT_SERVING");
    AsyncQuollSession early = AsyncQuollSession.open(options, runtime);
    CompletableFuture<Created> create = early.create("/a", null, CreateMode.EPHEMERAL);
    Awaitility.await().until(() -> early.lastFailure().isPresent());

    second.refuse("");

    assertThat(create.join().stat().ephemeralOwner()).isEqualTo(early.id());
    early.close().join();
  }

  @Test
  void readWithoutAnAnswerTimesOut() {
    SessionOptions hasty = options.withRequestTimeout(Duration.ofMillis(200));
    try (QuollSession impatient = QuollSession.open(hasty, runtime)) {
      first.mute();

      QuollException failure =
          catchThrowableOfType(QuollException.class, () -> impatient.exists("/"));

      assertThat(failure.code()).isEqualTo(ErrorCode.TIMED_OUT);
      assertThat(failure.applied()).isEqualTo(Applied.NO);
    } finally {
      first.unmute();
      first.cutStreams();
    }
  }

  @Test
  void writeThatWasNeverSentTimesOutAndOneThatWasWaits() {
    SessionOptions hasty = options.withRequestTimeout(Duration.ofMillis(200));
    try (QuollSession impatient = QuollSession.open(hasty, runtime)) {
      first.mute();
      CompletableFuture<Created> sent =
          impatient.async().create("/sent", null, CreateMode.PERSISTENT);
      Awaitility.await().until(() -> first.requestFrames() == 1);
      first.refuse("NOT_SERVING");
      second.refuse("NOT_SERVING");
      first.unmute();
      first.cutStreams();
      Awaitility.await().until(() -> impatient.state() == SessionState.DISCONNECTED);

      QuollException failure =
          catchThrowableOfType(
              QuollException.class, () -> impatient.create("/unsent", null, CreateMode.PERSISTENT));

      assertThat(failure.code()).isEqualTo(ErrorCode.TIMED_OUT);
      assertThat(failure.applied()).isEqualTo(Applied.NO);
      second.refuse("");
      assertThat(sent.join().path()).isEqualTo("/sent");
      assertThat(impatient.exists("/unsent")).isEmpty();
    }
  }
}
