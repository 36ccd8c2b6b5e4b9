package io.quoll.integration.fault;

import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Multiset;
import com.google.common.collect.TreeMultiset;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.integration.Ensemble;
import io.quoll.integration.ServerProcess;
import io.quoll.integration.suite.SuiteRun;
import io.quoll.server.coordination.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A server alone, one bit of whose files flips while it is down. It may refuse to start, it may
 * stop once it meets the damage, and where the bit means nothing it may serve; what it serves must
 * be what was written. Not thread-safe.
 */
final class FlippedBits {
  private static final String[] SETTINGS = {
    "snapCount=300", "commitLogCount=500", "txnLogSizeLimitInKb=64"
  };
  private static final int WRITES = 2_500;
  private static final Duration ANSWER_MAX = Duration.ofMinutes(3);

  /** Which files of a data directory are meant by what name. */
  private static final ImmutableMap<String, String> FILES =
      ImmutableMap.of(
          "closed part of the log", "raft/.*/log_\\d+-\\d+",
          "open part of the log", "raft/.*/log_inprogress_\\d+",
          "tables of the store", "store/state/\\d+\\.sst",
          "manifest of the store", "store/state/MANIFEST-\\d+",
          "tables of a snapshot", "snapshots/snapshot-.*/\\d+\\.sst");

  private static final Set<Integer> REFUSALS =
      Set.of(
          ExitCode.BAD_DATA_DIRECTORY.number(),
          ExitCode.STORAGE_FAILED.number(),
          ExitCode.REPLICA_FAILED.number());

  private final SuiteRun run;
  private final Verdict verdict;
  private final Random random;
  private final RecordedDisk disk;
  private final Ensemble ensemble;
  private final ServerProcess server;
  private final AckedWrites writes = new AckedWrites();
  private final List<String> violations = new ArrayList<>();
  private final Multiset<String> outcomes = TreeMultiset.create();

  FlippedBits(SuiteRun run, Verdict verdict, Random random) {
    this.run = run;
    this.verdict = verdict;
    this.random = random;
    Path folder = run.folder().resolve("bits");
    this.disk = new RecordedDisk(folder.resolve("server1"));
    this.ensemble = Ensemble.configuredBy(1, id -> disk.command(), folder, SETTINGS);
    this.server = ensemble.server(1);
  }

  void flip() {
    try {
      disk.ignore();
      server.start();
      try (QuollClient client = Ensemble.clientOf(server)) {
        writes.write(client, WRITES, server::isAlive);
      }
      server.kill();
      disk.keepAs("whole");
      int rounds = run.options().duration().toSeconds() < 300 ? 1 : 8;
      for (int round = 1; round <= rounds; round++) {
        for (Map.Entry<String, String> kind : FILES.entrySet()) {
          flipIn(kind.getKey(), kind.getValue());
        }
      }
      verdict.judge("what is damaged is never served", violations);
      verdict.count("bits flipped, and what came of it", outcomes);
    } finally {
      ensemble.close();
    }
  }

  private void flipIn(String kind, String name) {
    disk.bringBack("whole");
    Optional<Path> file = someFile(name);
    if (file.isEmpty()) {
      outcomes.add(kind + ": there is none");
      return;
    }
    long bit = flipSomeBit(file.get());
    server.launch();
    String outcome = outcome();
    server.kill();
    run.say("bit %d of %s flipped: %s", bit, file.get().getFileName(), outcome);
    outcomes.add(kind + ": " + outcome);
  }

  private Optional<Path> someFile(String name) {
    Path data = server.dataDirectory();
    try (Stream<Path> paths = Files.walk(data)) {
      ImmutableList<Path> found =
          paths
              .filter(path -> data.relativize(path).toString().matches(name))
              .sorted()
              .collect(ImmutableList.toImmutableList());
      return found.isEmpty()
          ? Optional.empty()
          : Optional.of(found.get(random.nextInt(found.size())));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Flips a bit of what was written; behind that the log is filled with zeros. */
  private long flipSomeBit(Path path) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      byte[] bytes = new byte[(int) file.length()];
      file.readFully(bytes);
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] == 0) {
        end--;
      }
      int at = random.nextInt(end);
      int bit = random.nextInt(Byte.SIZE);
      file.seek(at);
      file.writeByte(bytes[at] ^ 1 << bit);
      return (long) at * Byte.SIZE + bit;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String outcome() {
    try {
      await()
          .atMost(ANSWER_MAX)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> !server.isAlive() || server.standing().isPresent());
      if (server.isAlive()) {
        List<String> wrong = read();
        violations.addAll(wrong);
        if (!wrong.isEmpty()) {
          return "WRONG DATA IS SERVED";
        }
      }
    } catch (QuollException noAnswer) {
      awaitEnd();
    } catch (ConditionTimeoutException silent) {
      violations.add("a damaged server neither serves nor ends");
      return "neither serves nor ends";
    }
    return server.isAlive() ? "serves, whole" : refusal();
  }

  private List<String> read() {
    try (QuollClient client = Ensemble.strictClientOf(server)) {
      return writes.missing(client);
    }
  }

  private void awaitEnd() {
    await().atMost(ANSWER_MAX).until(() -> server.exitStatus().isPresent());
  }

  private String refusal() {
    OptionalInt status = server.exitStatus();
    if (status.isEmpty() || !REFUSALS.contains(status.getAsInt())) {
      violations.add("a damaged server ended with " + status);
    }
    if (!server.output().matches("(?s).*(ERROR|FATAL|WARN).*")) {
      violations.add("a damaged server says nothing of it");
    }
    return "ended with " + status.orElse(-1);
  }
}
