package io.quoll.integration.fault;

import static org.awaitility.Awaitility.await;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.quoll.integration.Ensemble;
import io.quoll.integration.Hosts.Direction;
import io.quoll.integration.Hosts.Line;
import io.quoll.integration.ServerProcess;
import io.quoll.integration.suite.SuiteRun;
import io.quoll.server.coordination.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Does harm to servers by a schedule, and mends it, one step after the other: a majority is always
 * left or comes back. Looks that each server ends only when it is killed, asked to, or has a reason
 * to. Not thread-safe.
 */
final class Nemesis {
  private static final Duration EXIT_MAX = Duration.ofMinutes(2);
  private static final Duration LONG_LINE = Duration.ofMillis(150);
  private static final Duration SLOW_FORCE = Duration.ofMillis(400);
  private static final int SLOW_KILOBITS = 2_000;
  private static final int CLOCK_SECONDS = 7_200;
  private static final int LAG_FACTOR = 3;
  private static final int AGREEMENT_TRIES = 3;
  private static final String NOT_TAKEN_OVER = "a fetched snapshot was not taken over";
  private static final double LOSS_MAX = 0.5;

  private final Site site;
  private final Moments moments;
  private final SuiteRun run;
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
  private final List<String> violations = new ArrayList<>();
  private int steps;
  private int metMoments;
  private int takeOvers;

  // Servers of which it is known why they end: their numbers.
  private final Set<Integer> mayEnd = new HashSet<>();

  Nemesis(Site site, Moments moments, SuiteRun run) {
    this.site = site;
    this.moments = moments;
    this.run = run;
  }

  /** How often each fault was done. */
  Map<Fault, Integer> done() {
    return done;
  }

  /** At how many steps the bad moment that they waited for was met. */
  int metMoments() {
    return metMoments;
  }

  /** Servers that ended without a reason, or did not end where they ought to. */
  List<String> violations() {
    return violations;
  }

  /** Does a step, and returns once all servers run and have a leader again. */
  void harm(Step step) {
    steps++;
    int victim = victim(step);
    boolean met = moments.reach(step.moment(), site.ensemble().server(victim), mayEnd);
    metMoments += met && step.moment() != Moment.ANY ? 1 : 0;
    run.say(
        "fault %d: server %d: %s, %s%s",
        steps, victim, step.fault(), step.moment(), met ? "" : " (which did not come)");
    strike(step, victim);
    done.merge(step.fault(), 1, Integer::sum);
    site.mend();
    restore();
    run.say("fault %d: mended", steps);
    pass(step.calm());
  }

  private int victim(Step step) {
    if (step.fault() == Fault.FULL_DISK) {
      return site.smallDisk(step.server()).getKey();
    }
    if (step.fault() == Fault.WIPE) {
      return site.largeDisk(step.server());
    }
    if (step.fault() == Fault.LAG) {
      return site.size();
    }
    return step.atLeader() ? site.idOf(site.ensemble().leader()) : step.server();
  }

  private void strike(Step step, int id) {
    ServerProcess victim = site.ensemble().server(id);
    switch (step.fault()) {
      case KILL -> {
        kill(victim);
        pass(step.lasts());
      }
      case KILL_ALL -> site.ensemble().servers().forEach(this::kill);
      case STOP_ALL -> site.ensemble().servers().forEach(this::askToStop);
      case PAUSE -> pause(List.of(victim), step.lasts());
      case PAUSE_OTHERS -> pause(site.ensemble().allBut(victim), step.lasts());
      case CUT_FROM_PEERS -> cut(id, step.lasts(), Line.PEERS);
      case LAG -> cut(id, step.lasts().multipliedBy(LAG_FACTOR), Line.PEERS);
      case CUT_FROM_CLIENTS -> cut(id, step.lasts(), Line.CLIENTS);
      case CUT_OFF -> cut(id, step.lasts(), Line.values());
      case DEAF -> filter(id, step.lasts(), Direction.IN);
      case MUTE -> filter(id, step.lasts(), Direction.OUT);
      case PART -> {
        site.hosts().part(id, 1 + id % site.size());
        pass(step.lasts());
      }
      case LOSS -> lose(id, step);
      case SLOW_LINE -> {
        site.hosts().slow(id, Line.PEERS, SLOW_KILOBITS);
        pass(step.lasts());
      }
      case LONG_LINE -> {
        site.moveAway(id, scaled(LONG_LINE, step.strength()));
        pass(step.lasts());
      }
      case FULL_DISK -> fill(victim, site.smallDisk(step.server()).getValue());
      case SLOW_DISK -> {
        site.slowDisk(id, scaled(SLOW_FORCE, step.strength()));
        pass(step.lasts());
      }
      case CLOCK_STEP -> {
        site.stepClock(id, Duration.ofSeconds((long) (CLOCK_SECONDS * (step.strength() - 0.5))));
        pass(step.lasts());
      }
      case WIPE -> wipe(victim);
    }
  }

  private static Duration scaled(Duration most, double strength) {
    return Duration.ofNanos((long) (most.toNanos() * strength));
  }

  private void kill(ServerProcess server) {
    mayEnd.add(site.idOf(server));
    server.kill();
  }

  private void askToStop(ServerProcess server) {
    mayEnd.add(site.idOf(server));
    if (server.isAlive()) {
      server.askToStop();
    }
  }

  private void pause(List<ServerProcess> servers, Duration howLong) {
    List<ServerProcess> running = servers.stream().filter(ServerProcess::isAlive).toList();
    running.forEach(ServerProcess::pause);
    pass(howLong);
    running.stream().filter(ServerProcess::isAlive).forEach(ServerProcess::resume);
  }

  private void cut(int id, Duration howLong, Line... lines) {
    for (Line line : lines) {
      site.hosts().cut(id, line);
    }
    pass(howLong);
  }

  private void filter(int id, Duration howLong, Direction direction) {
    site.hosts().filter(id, Line.PEERS, direction, 1.0);
    pass(howLong);
  }

  private void lose(int id, Step step) {
    double share = 0.05 + (LOSS_MAX - 0.05) * step.strength();
    for (Line line : Line.values()) {
      for (Direction direction : Direction.values()) {
        site.hosts().filter(id, line, direction, share);
      }
    }
    pass(step.lasts());
  }

  private void fill(ServerProcess victim, SmallDisk disk) {
    disk.fill();
    requireEnd(victim, ExitCode.STORAGE_FAILED, "with a full disk");
  }

  private void wipe(ServerProcess victim) {
    kill(victim);
    Path data = victim.dataDirectory();
    Path kept = data.resolveSibling("kept");
    try {
      Files.move(data, kept);
      Files.createDirectory(data);
      Files.copy(kept.resolve("myid"), data.resolve("myid"));
      victim.launch();
      requireEnd(victim, ExitCode.BAD_DATA_DIRECTORY, "with an empty disk");
      victim.kill();
      MoreFiles.deleteRecursively(data, RecursiveDeleteOption.ALLOW_INSECURE);
      Files.move(kept, data);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void requireEnd(ServerProcess server, ExitCode code, String why) {
    mayEnd.add(site.idOf(server));
    OptionalInt status = ended(server);
    if (status.isEmpty() || status.getAsInt() != code.number()) {
      violations.add(
          "server %d %s ended with %s, and not with %s"
              .formatted(site.idOf(server), why, status, code.number()));
    }
  }

  private static OptionalInt ended(ServerProcess server) {
    try {
      await()
          .atMost(EXIT_MAX)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> server.exitStatus().isPresent());
    } catch (ConditionTimeoutException stillThere) {
      return OptionalInt.empty();
    }
    return server.exitStatus();
  }

  /** A server may end to start again with a snapshot that Ratis forgot (SnapshotFetcher). */
  private void judgeEnd(ServerProcess server) {
    boolean known =
        server.exitStatus().orElse(0) == ExitCode.REPLICA_FAILED.number()
            && server.output().contains(NOT_TAKEN_OVER);
    String what =
        "server %d ended with %s at fault %d"
            .formatted(site.idOf(server), server.exitStatus(), steps);
    run.say("%s%s", what, known ? ": " + NOT_TAKEN_OVER : "");
    if (known) {
      takeOvers++;
    } else {
      violations.add(what);
    }
  }

  /** How often a server started again to take a snapshot over. */
  int takeOvers() {
    return takeOvers;
  }

  /** Waits until all servers hold the same tree, and starts again whoever ends meanwhile. */
  void awaitSameTree() {
    for (int i = 1; i < AGREEMENT_TRIES; i++) {
      restore();
      try {
        site.ensemble().awaitSameDigest();
        return;
      } catch (ConditionTimeoutException notYet) {
        run.say("the servers do not hold the same tree yet");
      }
    }
    restore();
    site.ensemble().awaitSameDigest();
  }

  /** Starts again whoever is not there, as systemd would, and waits for a leader. */
  private void restore() {
    Ensemble ensemble = site.ensemble();
    for (ServerProcess server : ensemble.servers()) {
      int id = site.idOf(server);
      if (mayEnd.contains(id) && ended(server).isEmpty()) {
        violations.add("server %d did not stop".formatted(id));
        server.kill();
      }
      if (!server.isAlive() && !mayEnd.contains(id)) {
        judgeEnd(server);
      }
    }
    mayEnd.clear();
    ensemble.startAll();
  }

  // The passing of time is the fault itself here, and nothing is waited for.
  private static void pass(Duration howLong) {
    try {
      if (new CountDownLatch(1).await(howLong.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
