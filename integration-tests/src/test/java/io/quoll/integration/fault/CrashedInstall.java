package io.quoll.integration.fault;

import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import io.quoll.client.QuollClient;
import io.quoll.integration.Ensemble;
import io.quoll.integration.ServerProcess;
import io.quoll.integration.suite.SuiteRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A follower that missed more than the log holds, and ends at each step of taking over a snapshot
 * of the leader. It must come back by itself, and have what the others have. Not thread-safe.
 */
final class CrashedInstall {
  private static final String[] SETTINGS = {
    "snapCount=200", "commitLogCount=50", "txnLogSizeLimitInKb=64"
  };
  private static final int FOLLOWER = 3;
  private static final int WRITES = 4_000;
  private static final int TRIES_MAX = 10;
  private static final String REFUSED = "No snapshot from server";
  private static final Duration CAUGHT_UP_MAX = Duration.ofMinutes(4);

  private final SuiteRun run;
  private final Verdict verdict;
  private final Random random;
  private final RecordedDisk disk;
  private final Ensemble ensemble;
  private final ServerProcess follower;
  private final AckedWrites writes = new AckedWrites();
  private int reached;

  CrashedInstall(SuiteRun run, Verdict verdict, Random random) {
    this.run = run;
    this.verdict = verdict;
    this.random = random;
    Path folder = run.folder().resolve("install");
    this.disk = new RecordedDisk(folder.resolve("server" + FOLLOWER));
    this.ensemble =
        Ensemble.configuredBy(
            3, id -> id == FOLLOWER ? disk.command() : ImmutableList.of(), folder, SETTINGS);
    this.follower = ensemble.server(FOLLOWER);
  }

  void crash() {
    try {
      disk.ignore();
      ensemble.startAll();
      List<CrashPoint> steps = steps();
      installDamaged();
      Collections.shuffle(steps, random);
      long end = System.nanoTime() + run.options().duration().toNanos();
      int rounds = 0;
      for (CrashPoint step : steps) {
        if (System.nanoTime() > end) {
          break;
        }
        rounds++;
        end(step);
      }
      verdict.count("installs of a snapshot", rounds + 1);
      verdict.count("installs that ended at the step that was wanted", reached);
      try (QuollClient client = Ensemble.strictClientOf(follower)) {
        verdict.judge(
            "a follower that ends while it installs a snapshot has all that was acknowledged",
            writes.missing(client));
      }
    } finally {
      ensemble.close();
    }
  }

  /** The kinds of steps of an install that nothing disturbs. */
  private List<CrashPoint> steps() {
    missMuch();
    disk.record(Optional.empty(), Loss.NOTHING);
    follower.start();
    ensemble.awaitSameDigest();
    List<CrashPoint> steps = new ArrayList<>(new LinkedHashSet<>(disk.steps()));
    steps.forEach(step -> run.append("steps-install.txt", step + "\n"));
    steps.removeIf(step -> !step.pattern().matches("(snapshots|store).*"));
    return steps;
  }

  private void end(CrashPoint step) {
    missMuch();
    Loss loss = Loss.any(random);
    disk.record(Optional.of(step), loss);
    follower.launch();
    await("the follower ends, or has caught up")
        .atMost(CAUGHT_UP_MAX)
        .until(() -> !follower.isAlive() || hasCaughtUp());
    reached += follower.isAlive() ? 0 : 1;
    run.say("install: %s; %s; reached: %s", step, loss, !follower.isAlive());
    follower.kill();
    disk.lose();
    disk.ignore();
    follower.start();
    ensemble.awaitSameDigest();
  }

  /** The leader's snapshot has rotted: the follower must see it, say so, and wait for another. */
  private void installDamaged() {
    missMuch();
    flipBitOfSnapshot(ensemble.leader().dataDirectory().resolve("snapshots"));
    disk.ignore();
    follower.launch();
    List<String> against = new ArrayList<>();
    try {
      await()
          .atMost(CAUGHT_UP_MAX)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> follower.output().contains(REFUSED) || hasCaughtUp());
    } catch (ConditionTimeoutException silent) {
      against.add("nothing is said of a damaged snapshot");
    }
    if (!follower.output().contains(REFUSED)) {
      against.add("a damaged snapshot was taken over");
    }
    verdict.judge("a damaged snapshot is never taken over", against);
    ServerProcess leader = ensemble.leader();
    try (QuollClient client = Ensemble.clientOf(leader)) {
      writes.write(client, WRITES / 4, leader::isAlive);
    }
    ensemble.awaitSameDigest();
  }

  /**
   * Flips a bit in a table of the newest snapshot, which the store has as a hard link, and keeps.
   */
  private void flipBitOfSnapshot(Path snapshots) {
    try (Stream<Path> paths = Files.walk(snapshots)) {
      Path table =
          paths
              .filter(path -> path.toString().endsWith(".sst"))
              .max((one, other) -> Long.compare(one.toFile().length(), other.toFile().length()))
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(table);
      bytes[random.nextInt(bytes.length / 2)] ^= 1;
      Files.delete(table);
      Files.write(table, bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private boolean hasCaughtUp() {
    long leader = ensemble.leader().standing().map(at -> at.getZxid()).orElse(Long.MAX_VALUE);
    return follower.standing().map(at -> at.getZxid()).orElse(-1L) >= leader;
  }

  /** Ends the follower, and has the others write until the log that it needs is gone. */
  private void missMuch() {
    long applied = RaftLog.appliedIndex(follower);
    follower.kill();
    ServerProcess leader = ensemble.leader();
    try (QuollClient client = Ensemble.clientOf(leader)) {
      for (int i = 0; i < TRIES_MAX && RaftLog.reaches(leader, applied); i++) {
        writes.write(client, WRITES, () -> RaftLog.reaches(leader, applied));
      }
    }
    if (RaftLog.reaches(leader, applied)) {
      throw new IllegalStateException("the log is not purged");
    }
  }
}
