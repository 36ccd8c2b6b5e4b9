package io.quoll.integration.fault;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What happens in a run, step by step and without an end: the same steps for the same seed,
 * whatever comes of them. Each fault comes once in a round, the leader is hit by preference, and
 * every other time the moment is a bad one. Not thread-safe.
 */
final class Schedule {
  private static final int LASTS_MILLIS_MIN = 1_500;
  private static final int LASTS_MILLIS_MAX = 9_000;
  private static final int CALM_MILLIS_MAX = 3_000;

  private final Random random;
  private final int servers;
  private final ImmutableList<Fault> faults;
  private final List<Fault> round = new ArrayList<>();

  Schedule(long seed, int servers, Iterable<Fault> faults) {
    this.random = new Random(seed);
    this.servers = servers;
    this.faults = ImmutableList.copyOf(faults);
  }

  Step next() {
    if (round.isEmpty()) {
      round.addAll(faults);
      Collections.shuffle(round, random);
    }
    Fault fault = round.remove(round.size() - 1);
    Moment moment = Moment.any(random);
    boolean bad = random.nextBoolean() && !fault.needsOthers();
    return new Step(
        fault,
        bad ? moment : Moment.ANY,
        random.nextInt(3) > 0,
        1 + random.nextInt(servers),
        Duration.ofMillis(LASTS_MILLIS_MIN + random.nextInt(LASTS_MILLIS_MAX - LASTS_MILLIS_MIN)),
        Duration.ofMillis(random.nextInt(CALM_MILLIS_MAX)),
        random.nextDouble());
  }
}
