package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.SessionRequest;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A leader whose wall clock is stepped: sessions live by how much time passes. */
class ClockStepIT {
  private static final int TICK_MILLIS = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long NEAR_MILLIS = HOUR.minusMinutes(1).toMillis();
  private static final Duration SEEN_MAX = Duration.ofSeconds(20);

  private static final int ROUNDS_THAT_TAKE_TIME = 20;

  private static ImmutableList<SteppedClock> clocks;
  private static Ensemble ensemble;
  private static Clients clients;

  @BeforeAll
  static void start() {
    clocks =
        IntStream.rangeClosed(1, 3)
            .mapToObj(id -> SteppedClock.at(Path.of("target", "clocks", "server" + id)))
            .collect(ImmutableList.toImmutableList());
    ensemble =
        Ensemble.startBy(
            id -> clocks.get(id - 1).commandPrefix(), "clock-step", "tickTime=" + TICK_MILLIS);
    clients = new Clients(TIMEOUT);
  }

  @AfterAll
  static void stop() {
    if (ensemble != null) {
      clients.close();
      ensemble.close();
    }
  }

  @Test
  void sessionsLiveByHowTimePassesWhenTheLeadersClockIsStepped() {
    SteppedClock clock = clocks.get(ensemble.servers().indexOf(ensemble.leader()));
    ImmutableList<QuollSession> live =
        ensemble.servers().stream().map(clients::open).collect(ImmutableList.toImmutableList());
    live.forEach(session -> session.create("/live" + session.id(), null, CreateMode.EPHEMERAL));
    long term = term();

    for (Duration ahead : List.of(HOUR, HOUR.negated())) {
      String silent = "/silent" + ahead.toSeconds();
      try (RawSession vanishing =
          RawSession.open(ensemble.server(1), Math.toIntExact(TIMEOUT.toMillis()))) {
        vanishing.started();
        clock.step(ahead);
        awaitSeen(live.get(0), ahead);
        long before = System.nanoTime();
        vanishing.call(createEphemeral(silent));

        assertThat(vanishing.end()).isEqualTo("SESSION_EXPIRED");

        Duration lived = Duration.ofNanos(System.nanoTime() - before);
        assertThat(lived).isBetween(TIMEOUT, TIMEOUT.plusMillis(5 * TICK_MILLIS));
      }
      for (QuollSession session : live) {
        session.sync("/");
        assertThat(session.exists(silent)).as("clock %s ahead", ahead).isEmpty();
        assertThat(session.exists("/live" + session.id())).isPresent();
        assertThat(session.state()).isEqualTo(SessionState.CONNECTED);
      }
    }
    assertThat(term()).as("no other leader was elected").isEqualTo(term);
  }

  private static long term() {
    return ensemble.leader().standing().orElseThrow().getTerm();
  }

  private static SessionRequest.Builder createEphemeral(String path) {
    return SessionRequest.newBuilder()
        .setCxid(1)
        .setCreate(
            CreateRequest.newBuilder().setPath(path).setMode(io.quoll.api.v1.CreateMode.EPHEMERAL));
  }

  /**
   * Waits until the clock is seen to be stepped: time in the tree goes on with a clock that was set
   * forward, and stands still while one that was set back has not come to where it was.
   */
  private static void awaitSeen(QuollSession session, Duration ahead) {
    await("the leader's clock is stepped by " + ahead)
        .atMost(SEEN_MAX)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> ahead.isNegative() ? standsStill(session) : offset(session) > NEAR_MILLIS);
  }

  private static boolean standsStill(QuollSession session) {
    long first = time(session);
    long passed = System.currentTimeMillis();
    for (int i = 0; i < ROUNDS_THAT_TAKE_TIME; i++) {
      session.sync("/");
    }
    return System.currentTimeMillis() > passed && time(session) == first;
  }

  private static long offset(QuollSession session) {
    return time(session) - System.currentTimeMillis();
  }

  private static long time(QuollSession session) {
    return session.create("/time-", null, CreateMode.EPHEMERAL_SEQUENTIAL).stat().ctimeMillis();
  }
}
