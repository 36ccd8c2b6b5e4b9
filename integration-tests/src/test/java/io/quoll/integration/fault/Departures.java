package io.quoll.integration.fault;

import static org.awaitility.Awaitility.await;

import io.quoll.client.CreateMode;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that vanish without a word. What they own must stay for a timeout, and then go, whoever
 * leads by then. Not thread-safe.
 */
final class Departures {
  private static final Duration GONE_MAX = Duration.ofMinutes(4);
  private static final Duration TIMEOUT = Duration.ofSeconds(6);
  private static final int AROUND_MILLIS = 2_000;

  private final SessionOptions options;
  private final QuollSession eye;
  private final Random random;
  private final List<Departed> departed = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private int count;

  /** A session whose client is gone, and what it owns. */
  private record Departed(String path, long lastNanos, Duration timeout) {
    Duration silence() {
      return Duration.ofNanos(System.nanoTime() - lastNanos);
    }
  }

  /** Departures that {@code eye} looks after. */
  Departures(SessionOptions options, QuollSession eye, Random random) {
    this.options = options.withSessionTimeout(TIMEOUT);
    this.eye = eye;
    this.random = random;
  }

  /** Has a client vanish, and returns about when its session is to expire. */
  boolean awaitExpiry() {
    Departed gone = depart();
    Duration around = Duration.ofMillis(random.nextInt(AROUND_MILLIS) - AROUND_MILLIS / 2);
    LockSupport.parkNanos(gone.timeout().plus(around).minus(gone.silence()).toNanos());
    return true;
  }

  private Departed depart() {
    QuollRuntime runtime = QuollRuntime.start();
    try {
      QuollSession session = QuollSession.open(options, runtime);
      String path = "/departed" + count++;
      long before = System.nanoTime();
      session.create(path, null, CreateMode.EPHEMERAL);
      Departed gone = new Departed(path, before, session.timeout());
      departed.add(gone);
      return gone;
    } finally {
      runtime.close();
    }
  }

  /** Looks, once all is calm, that all they owned is gone or not yet due. */
  void look() {
    departed.removeIf(this::isOver);
  }

  private boolean isOver(Departed gone) {
    boolean there = eye.exists(gone.path()).isPresent();
    if (!there && gone.silence().compareTo(gone.timeout()) < 0) {
      violations.add("%s went after %s".formatted(gone.path(), gone.silence()));
    }
    return !there;
  }

  /** Waits until all they owned is gone, and tells what was not as it must be. */
  List<String> violations() {
    await("what departed clients owned goes")
        .atMost(GONE_MAX)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              look();
              return departed.isEmpty();
            });
    return violations;
  }

  /** How many clients have vanished. */
  int count() {
    return count;
  }
}
