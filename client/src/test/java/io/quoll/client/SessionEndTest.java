package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionEndTest {
  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree);
  private final SessionOptions options =
      SessionOptions.of(server.address()).withRequestTimeout(Duration.ofSeconds(10));
  private final QuollRuntime runtime = QuollRuntime.start();
  private final QuollSession session = QuollSession.open(options, runtime);

  @AfterEach
  void close() {
    session.close();
    runtime.close();
    server.close();
  }

  @Test
  void closeEndsTheSessionAndItsEphemerals() {
    session.create("/a", null, CreateMode.EPHEMERAL);
    session.create("/b", null, CreateMode.PERSISTENT);

    session.close();

    assertThat(session.state()).isEqualTo(SessionState.CLOSED);
    assertThat(tree.sessionCount()).isZero();
    assertThat(tree.size()).isEqualTo(2);
  }

  @Test
  void closeComesAfterWhatWasAskedBefore() {
    CompletableFuture<Created> before = session.async().create("/a", null, CreateMode.PERSISTENT);

    session.close();

    assertThat(before).isCompleted();
    assertThat(tree.size()).isEqualTo(2);
  }

  @Test
  void requestsAfterCloseAreRefused() {
    session.close();

    QuollException failure =
        catchThrowableOfType(
            QuollException.class, () -> session.create("/a", null, CreateMode.PERSISTENT));

    assertThat(failure.code()).isEqualTo(ErrorCode.CLOSED);
    assertThat(failure.applied()).isEqualTo(Applied.NO);
  }

  @Test
  void closeWithALostReplyIsDoneOnceTheSessionIsGone() {
    server.loseReplies(true);
    CompletableFuture<?> closed = session.async().close();
    Awaitility.await().until(() -> tree.sessionCount() == 0);

    server.cutStreams();

    closed.join();
    assertThat(session.state()).isEqualTo(SessionState.CLOSED);
  }

  @Test
  void sessionIsOverOnceAServerSaysThatItExpired() {
    NextEvent next = new NextEvent();
    session.exists("/a", next);

    tree.expireSession(session.id());

    QuollException failure =
        QuollException.in(catchThrowableOfType(Exception.class, next.event()::join));
    assertThat(failure.code()).isEqualTo(ErrorCode.SESSION_EXPIRED);
    assertThat(session.state()).isEqualTo(SessionState.EXPIRED);
    QuollException later = catchThrowableOfType(QuollException.class, () -> session.exists("/"));
    assertThat(later.code()).isEqualTo(ErrorCode.SESSION_EXPIRED);
  }

  @Test
  void sentWriteOfAnExpiredSessionHasAnUnknownOutcome() {
    server.loseReplies(true);
    CompletableFuture<Created> write = session.async().create("/a", null, CreateMode.PERSISTENT);
    Awaitility.await().until(() -> tree.size() == 2);

    tree.expireSession(session.id());

    QuollException failure = QuollException.in(catchThrowableOfType(Exception.class, write::join));
    assertThat(failure.code()).isEqualTo(ErrorCode.SESSION_EXPIRED);
    assertThat(failure.applied()).isEqualTo(Applied.UNKNOWN);
  }

  @Test
  void unsentWriteOfAnExpiredSessionWasNotApplied() {
    server.refuse("NOT_SERVING");
    server.cutStreams();
    Awaitility.await().until(() -> session.state() == SessionState.DISCONNECTED);
    CompletableFuture<Created> write = session.async().create("/a", null, CreateMode.PERSISTENT);

    tree.expireSession(session.id());
    server.refuse("");

    QuollException failure = QuollException.in(catchThrowableOfType(Exception.class, write::join));
    assertThat(failure.code()).isEqualTo(ErrorCode.SESSION_EXPIRED);
    assertThat(failure.applied()).isEqualTo(Applied.NO);
  }

  @Test
  void ensembleThatNeverHadWhatTheSessionSawEndsIt() {
    session.create("/a", null, CreateMode.PERSISTENT);

    server.refuse("BEHIND");
    server.cutStreams();

    Awaitility.await().until(() -> session.state() == SessionState.EXPIRED);
    assertThat(session.async().lastFailure().get().code()).isEqualTo(ErrorCode.BEHIND);
  }

  @Test
  void closedRuntimeLeavesItsSessionsToTheEnsemble() {
    session.create("/a", null, CreateMode.EPHEMERAL);

    runtime.close();

    assertThat(session.state()).isEqualTo(SessionState.CLOSED);
    assertThat(tree.sessionCount()).isEqualTo(1);
    assertThat(tree.size()).isEqualTo(2);
  }
}
