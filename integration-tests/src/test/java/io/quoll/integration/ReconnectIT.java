package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollRuntime;
import io.quoll.client.SessionOptions;
import io.quoll.client.SessionState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Very many sessions that come back at once when the server that holds a third of them dies. */
class ReconnectIT {
  private static final int SESSIONS = Form.of(500, 5_000);
  private static final int RUNTIMES = 4;
  private static final int AT_ONCE = 250;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration OPENED_MAX = Duration.ofMinutes(2);
  private static final Duration BACK_MAX = Duration.ofMinutes(1);
  private static final String HOME = "/reconnect";

  private final AtomicInteger losses = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();

  @Test
  void sessionsOfAServerThatDiesAreAllAttachedAgainAndKeepTheirEphemerals() {
    List<QuollRuntime> runtimes =
        IntStream.range(0, RUNTIMES).mapToObj(each -> QuollRuntime.start()).toList();
    try (Ensemble ensemble = Ensemble.start("reconnect")) {
      run(ensemble, runtimes);
    } finally {
      runtimes.forEach(QuollRuntime::close);
    }
  }

  private void run(Ensemble ensemble, List<QuollRuntime> runtimes) {
    try (QuollClient client = Ensemble.clientOf(ensemble.leader())) {
      client.create(HOME, null, CreateMode.PERSISTENT);
    }
    ImmutableList<AsyncQuollSession> sessions = open(options(ensemble), runtimes);
    ServerProcess victim = ensemble.followers().get(0);
    List<AsyncQuollSession> held =
        sessions.stream().filter(session -> isAt(session, victim)).toList();
    assertThat(held).hasSizeGreaterThan(SESSIONS / 5);

    victim.kill();
    final long killed = System.nanoTime();
    awaitBack(held, victim);
    final long millis = (System.nanoTime() - killed) / 1_000_000;

    System.out.printf(
        "%d of %d sessions lost their server and were attached again within %d ms%n",
        held.size(), sessions.size(), millis);
    assertThat(losses).as("sessions that had to move").hasValue(held.size());
    require(ensemble, victim, sessions);
  }

  private static SessionOptions options(Ensemble ensemble) {
    String addresses =
        ensemble.servers().stream()
            .map(ServerProcess::clientAddress)
            .collect(Collectors.joining(","));
    return SessionOptions.of(addresses).withSessionTimeout(TIMEOUT);
  }

  /** Opens all sessions, some at a time, each with an ephemeral of its own. */
  private ImmutableList<AsyncQuollSession> open(
      SessionOptions options, List<QuollRuntime> runtimes) {
    ImmutableList.Builder<AsyncQuollSession> sessions = ImmutableList.builder();
    for (int first = 0; first < SESSIONS; first += AT_ONCE) {
      List<CompletableFuture<?>> opened =
          IntStream.range(first, Math.min(SESSIONS, first + AT_ONCE))
              .<CompletableFuture<?>>mapToObj(
                  i -> {
                    QuollRuntime runtime = runtimes.get(i % RUNTIMES);
                    AsyncQuollSession session = AsyncQuollSession.open(options, runtime);
                    session.addStateListener(this::note);
                    sessions.add(session);
                    return session.create(HOME + "/" + i, null, CreateMode.EPHEMERAL);
                  })
              .toList();
      await("sessions are open")
          .atMost(OPENED_MAX)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> opened.stream().allMatch(CompletableFuture::isDone));
      opened.forEach(CompletableFuture::join);
    }
    return sessions.build();
  }

  private void note(SessionState state) {
    switch (state) {
      case DISCONNECTED -> losses.incrementAndGet();
      case EXPIRED, AUTH_FAILED, CLOSED -> ends.incrementAndGet();
      case CONNECTING, CONNECTED -> {}
    }
  }

  private static boolean isAt(AsyncQuollSession session, ServerProcess server) {
    return session.server().toString().equals(server.clientAddress());
  }

  private static void awaitBack(List<AsyncQuollSession> held, ServerProcess victim) {
    await("all sessions are attached again")
        .atMost(BACK_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                held.stream()
                    .allMatch(
                        session ->
                            session.state() == SessionState.CONNECTED && !isAt(session, victim)));
  }

  private void require(
      Ensemble ensemble, ServerProcess victim, ImmutableList<AsyncQuollSession> sessions) {
    assertThat(ends).as("sessions that ended").hasValue(0);
    assertThat(sessions).allMatch(session -> session.state() == SessionState.CONNECTED);
    try (QuollClient client = Ensemble.strictClientOf(ensemble.allBut(victim).get(0))) {
      assertThat(client.exists(HOME).orElseThrow().numChildren()).isEqualTo(SESSIONS);
    }
    List<CompletableFuture<ImmutableList<String>>> owned =
        sessions.stream().map(session -> session.ephemerals("")).toList();
    assertThat(owned).allMatch(ephemerals -> ephemerals.join().size() == 1);
  }
}
