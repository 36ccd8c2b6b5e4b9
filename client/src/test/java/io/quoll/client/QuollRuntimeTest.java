package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuollRuntimeTest {
  private static final int SESSIONS = 1_000;

  private static long clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("quoll-client-"))
        .count();
  }

  @Test
  void aThousandSessionsShareAFewThreads() {
    FakeTree tree = new FakeTree();
    try (FakeServer server = FakeServer.start(tree);
        QuollRuntime runtime = QuollRuntime.start(2, 4)) {
      long before = clientThreads();

      List<AsyncQuollSession> sessions =
          IntStream.range(0, SESSIONS)
              .mapToObj(i -> AsyncQuollSession.open(SessionOptions.of(server.address()), runtime))
              .toList();
      List<CompletableFuture<Created>> created =
          sessions.stream()
              .map(session -> session.create("/s", null, CreateMode.EPHEMERAL_SEQUENTIAL))
              .toList();
      CompletableFuture.allOf(created.toArray(CompletableFuture<?>[]::new))
          .orTimeout(60, TimeUnit.SECONDS)
          .join();

      assertThat(server.attachedNow()).isEqualTo(SESSIONS);
      assertThat(clientThreads() - before).isLessThanOrEqualTo(6);
      CompletableFuture.allOf(
              sessions.stream().map(AsyncQuollSession::close).toArray(CompletableFuture<?>[]::new))
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
      assertThat(tree.size()).isEqualTo(1);
    }
  }

  @Test
  void closedRuntimeTakesNoMoreSessions() {
    QuollRuntime runtime = QuollRuntime.start();
    runtime.close();

    assertThatThrownBy(() -> AsyncQuollSession.open(SessionOptions.of("127.0.0.1:1"), runtime))
        .isInstanceOf(IllegalStateException.class);
  }
}
