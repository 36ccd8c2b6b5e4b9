package io.quoll.integration;

import io.quoll.integration.Hosts.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Does harm to an ensemble by a schedule that a seed decides: kills, stops and cuts off servers,
 * the leader by preference, and mends it. One fault at a time, and a majority is always left or
 * comes back. Not thread-safe.
 */
final class Nemesis {
  private static final int FAULT_MILLIS_MAX = 6_000;
  private static final int CALM_MILLIS_MAX = 2_000;

  private final Ensemble ensemble;
  private final Hosts hosts;
  private final Duration sessionTimeout;
  private final Random random;
  private int faults;

  /** What is done to a server. */
  private enum Fault {
    KILL,
    KILL_ALL,
    PAUSE,
    CUT_FROM_PEERS,
    CUT_FROM_CLIENTS,
    CUT_OFF
  }

  Nemesis(Ensemble ensemble, Hosts hosts, Duration sessionTimeout, Random random) {
    this.ensemble = ensemble;
    this.hosts = hosts;
    this.sessionTimeout = sessionTimeout;
    this.random = random;
  }

  /** How many faults there were. */
  int faults() {
    return faults;
  }

  /** Does each kind of harm in turn, in an order of its own, until the time is over. */
  void rage(Duration howLong, Runnable whenCalm) {
    long end = System.nanoTime() + howLong.toNanos();
    while (System.nanoTime() < end) {
      List<Fault> round = new ArrayList<>(List.of(Fault.values()));
      Collections.shuffle(round, random);
      for (Fault fault : round) {
        if (System.nanoTime() < end) {
          harm(fault);
          pass(random.nextInt(CALM_MILLIS_MAX));
        }
      }
      whenCalm.run();
    }
  }

  private void harm(Fault fault) {
    faults++;
    ServerProcess victim =
        random.nextInt(3) > 0 ? ensemble.leader() : ensemble.server(1 + random.nextInt(3));
    int id = ensemble.servers().indexOf(victim) + 1;
    System.out.printf("%s fault %d: %s of server %d%n", Instant.now(), faults, fault, id);
    switch (fault) {
      case KILL -> {
        victim.kill();
        pass(random.nextInt(FAULT_MILLIS_MAX));
      }
      case KILL_ALL -> ensemble.servers().forEach(ServerProcess::kill);
      case PAUSE -> {
        victim.pause();
        pass((int) sessionTimeout.toMillis() * 2);
        victim.resume();
      }
      case CUT_FROM_PEERS -> cut(id, Line.PEERS);
      case CUT_FROM_CLIENTS -> cut(id, Line.CLIENTS);
      case CUT_OFF -> cut(id, Line.PEERS, Line.CLIENTS);
    }
    ensemble.startAll();
  }

  private void cut(int id, Line... lines) {
    for (Line line : lines) {
      hosts.cut(id, line);
    }
    pass(FAULT_MILLIS_MAX / 4 + random.nextInt(FAULT_MILLIS_MAX));
    for (Line line : lines) {
      hosts.mend(id, line);
    }
  }

  // The passing of time is the fault itself here, and nothing is waited for.
  private static void pass(int millis) {
    try {
      if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
