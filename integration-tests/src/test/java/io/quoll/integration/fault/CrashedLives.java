package io.quoll.integration.fault;

import static org.awaitility.Awaitility.await;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Multiset;
import io.quoll.client.QuollClient;
import io.quoll.integration.Ensemble;
import io.quoll.integration.ServerProcess;
import io.quoll.integration.suite.SuiteRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A server without others, so that nobody else can have what it lost. Its first life is written
 * down step by step: start, writes, snapshots, purges of the log, stop. Each of the lives that
 * follow ends at one of these steps, in an order that is chosen at random, and the next one must
 * begin by itself and have all that was acknowledged. Not thread-safe.
 */
final class CrashedLives {
  private static final String[] SETTINGS = {
    "snapCount=300", "commitLogCount=100", "txnLogSizeLimitInKb=64"
  };
  private static final int WRITES = 4_000;
  private static final int TIME_MAX = 60;
  private static final Duration SERVING_MAX = Duration.ofMinutes(4);
  private static final Duration END_MAX = Duration.ofMinutes(2);
  private static final int KILLED = 128 + 9;
  private static final String PROPERTY =
      "a server that ends at any step comes back by itself, with all that it acknowledged";

  private final SuiteRun run;
  private final Verdict verdict;
  private final Random random;
  private final RecordedDisk disk;
  private final Ensemble ensemble;
  private final ServerProcess server;
  private final AckedWrites writes = new AckedWrites();
  private final List<String> violations = new ArrayList<>();
  private int lives;
  private int reached;

  CrashedLives(SuiteRun run, Verdict verdict, Random random) {
    this.run = run;
    this.verdict = verdict;
    this.random = random;
    Path folder = run.folder().resolve("lives");
    this.disk = new RecordedDisk(folder.resolve("server1"));
    this.ensemble = Ensemble.configuredBy(1, id -> disk.command(), folder, SETTINGS);
    this.server = ensemble.server(1);
  }

  void crash() {
    try {
      ImmutableList<CrashPoint> first = firstLife(true);
      ImmutableList<CrashPoint> later = firstLife(false);
      long end = System.nanoTime() + run.options().duration().toNanos();
      liveThrough(first, true, System.nanoTime() + run.options().duration().toNanos() / 3);
      liveThrough(later, false, end);
      begin(Optional.empty(), Loss.NOTHING);
      verdict.judge(PROPERTY, violations);
      verdict.count("lives of a server alone", lives);
      verdict.count("lives that ended at the step that was wanted", reached);
      verdict.count("writes acknowledged in all of them", writes.acknowledged());
    } finally {
      ensemble.close();
    }
  }

  /** The steps of a life that comes to an orderly end, from nothing or from what is there. */
  private ImmutableList<CrashPoint> firstLife(boolean fromNothing) {
    begin(Optional.empty(), Loss.NOTHING);
    if (!fromNothing) {
      write();
    }
    server.terminate();
    ImmutableList<CrashPoint> steps = disk.steps();
    steps.forEach(step -> run.append(fromNothing ? "steps-first.txt" : "steps.txt", step + "\n"));
    return steps;
  }

  /** One life for each kind of step, until the time is over. */
  private void liveThrough(ImmutableList<CrashPoint> steps, boolean fromNothing, long end) {
    Multiset<CrashPoint> kinds = HashMultiset.create(steps);
    List<CrashPoint> order = new ArrayList<>(kinds.elementSet());
    order.sort((one, other) -> one.toString().compareTo(other.toString()));
    Collections.shuffle(order, random);
    for (CrashPoint kind : order) {
      if (System.nanoTime() > end) {
        return;
      }
      int time = 1 + random.nextInt(Math.min(TIME_MAX, kinds.count(kind)));
      Loss loss = Loss.any(random);
      if (fromNothing) {
        disk.clear();
        writes.forget();
      }
      live(kind.atTime(time), loss);
      if (fromNothing) {
        begin(Optional.empty(), Loss.NOTHING);
        server.kill();
      }
    }
  }

  private void live(CrashPoint point, Loss loss) {
    lives++;
    if (begin(Optional.of(point), loss)) {
      write();
    }
    if (server.isAlive()) {
      server.askToStop();
      awaitEnd();
    }
    int status = server.exitStatus().orElse(-1);
    reached += status == KILLED ? 1 : 0;
    if (status != KILLED && status != 0) {
      fail("a server that was to end at " + point + " ended with " + status);
    }
    run.say("life %d: %s; %s; exit status %d", lives, point, loss, status);
    server.kill();
    disk.lose();
  }

  private void awaitEnd() {
    try {
      await().atMost(END_MAX).until(() -> server.exitStatus().isPresent());
    } catch (ConditionTimeoutException stillThere) {
      fail("the server does not stop");
    }
  }

  private void write() {
    try (QuollClient client = Ensemble.clientOf(server)) {
      writes.write(client, WRITES, server::isAlive);
    }
  }

  /** Starts the server, and looks that it has all it must have; false if it ends before that. */
  private boolean begin(Optional<CrashPoint> end, Loss loss) {
    disk.record(end, loss);
    server.launch();
    try {
      await()
          .atMost(SERVING_MAX)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> !server.isAlive() || server.standing().isPresent());
    } catch (ConditionTimeoutException silent) {
      fail("the server does not serve");
    }
    if (!server.isAlive()) {
      if (end.isEmpty()) {
        fail("the server does not come back; it ended with " + server.exitStatus());
        throw new IllegalStateException("the server does not come back");
      }
      return false;
    }
    try (QuollClient client = Ensemble.strictClientOf(server)) {
      writes.missing(client).forEach(this::fail);
    } catch (RuntimeException unavailable) {
      if (server.isAlive() || end.isEmpty()) {
        throw unavailable;
      }
    }
    return server.isAlive();
  }

  private void fail(String what) {
    String violation = "life %d: %s".formatted(lives, what);
    run.say("%s", violation);
    violations.add(violation);
    if (violations.size() == 1) {
      verdict.judge(PROPERTY, violations);
      disk.keepAs("kept-at-life-" + lives);
    }
  }
}
