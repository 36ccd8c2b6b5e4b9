package io.quoll.integration;

import static org.awaitility.Awaitility.await;

import io.quoll.client.CreateMode;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import java.time.Duration;
import java.util.Optional;

/** A client that vanishes without a word, and how long what it owned stays behind. */
final class Departure {
  private static final Duration GONE_MAX = Duration.ofSeconds(60);

  private Departure() {}

  /**
   * How long the ephemeral of a vanished session outlived it, beyond the timeout that was agreed;
   * empty if the leader changed meanwhile, which gives each session a fresh timeout.
   */
  static Optional<Duration> overtime(Ensemble ensemble, SessionOptions options, QuollSession eye) {
    long term = termOf(ensemble);
    Duration timeout;
    long left;
    QuollRuntime runtime = QuollRuntime.start();
    try {
      QuollSession session = QuollSession.open(options, runtime);
      session.create("/departing", null, CreateMode.EPHEMERAL);
      timeout = session.timeout();
      left = System.nanoTime();
    } finally {
      runtime.close();
    }
    await("the ephemeral goes")
        .atMost(GONE_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> eye.exists("/departing").isEmpty());
    Duration stayed = Duration.ofNanos(System.nanoTime() - left);
    return termOf(ensemble) == term ? Optional.of(stayed.minus(timeout)) : Optional.empty();
  }

  private static long termOf(Ensemble ensemble) {
    return ensemble.leader().standing().orElseThrow().getTerm();
  }
}
