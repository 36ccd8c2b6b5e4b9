package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A follower that was down for so long that the log which it misses is gone. */
class CatchUpIT {
  private static final int WRITES = Form.of(30_000, 200_000);
  private static final int IN_FLIGHT = 30;
  private static final int DATA_BYTES = 500;
  private static final Duration INSTALL_MAX = Duration.ofSeconds(60);
  private static final String FETCHED = "Fetched the snapshot of";

  private final Random random = Form.random("CatchUpIT");
  private static Ensemble ensemble;

  @BeforeAll
  static void start() {
    ensemble =
        Ensemble.start(
            "catch-up", "snapCount=500", "commitLogCount=100", "txnLogSizeLimitInKb=512");
  }

  @AfterAll
  static void stop() {
    ensemble.close();
  }

  @Test
  void aFollowerThatMissedMoreThanTheLogHoldsCatchesUpByASnapshot() throws Exception {
    ServerProcess follower = ensemble.followers().get(0);
    follower.kill();
    write("/missed", WRITES);

    follower.start();

    ensemble.awaitSameDigest();
    assertThat(follower.output()).contains(FETCHED);
  }

  @Test
  void aFollowerThatIsKilledDuringTheInstallCatchesUpAtTheNextStart() throws Exception {
    ServerProcess follower = ensemble.followers().get(0);
    follower.kill();
    write("/missed-again", WRITES / 2);
    follower.launch();
    await("the follower receives a snapshot")
        .atMost(INSTALL_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> isReceiving(follower));

    follower.kill();

    assertThat(follower.output()).doesNotContain(FETCHED);
    follower.start();
    ensemble.awaitSameDigest();
    assertThat(follower.output()).contains(FETCHED);
  }

  private static boolean isReceiving(ServerProcess server) {
    return Files.exists(server.dataDirectory().resolve("snapshots/received.incomplete"));
  }

  /** Creates {@code count} znodes below {@code parent}, and sees to it that the log is purged. */
  private void write(String parent, int count) throws Exception {
    Path firstSegment = firstSegment();
    try (QuollClient client = Ensemble.clientOf(ensemble.leader())) {
      client.create(parent, null, CreateMode.PERSISTENT);
      Semaphore permits = new Semaphore(IN_FLIGHT);
      AtomicInteger failed = new AtomicInteger();
      for (int i = 0; i < count; i++) {
        assertThat(permits.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        var unused =
            client
                .async()
                .create(parent + "/" + i, randomData(), CreateMode.PERSISTENT)
                .whenComplete(
                    (created, failure) -> {
                      failed.addAndGet(failure == null ? 0 : 1);
                      permits.release();
                    });
      }
      assertThat(permits.tryAcquire(IN_FLIGHT, 60, TimeUnit.SECONDS)).isTrue();
      assertThat(failed).hasValue(0);
    }
    assertThat(firstSegment).as("the log is purged").doesNotExist();
  }

  private ByteString randomData() {
    byte[] data = new byte[DATA_BYTES];
    random.nextBytes(data);
    return ByteString.copyFrom(data);
  }

  private static Path firstSegment() {
    try (Stream<Path> paths = Files.walk(ensemble.leader().dataDirectory().resolve("raft"))) {
      return paths
          .filter(path -> path.getFileName().toString().matches("log_\\d+-\\d+"))
          .min((one, other) -> Long.compare(firstIndex(one), firstIndex(other)))
          .orElseGet(() -> Path.of("none yet"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static long firstIndex(Path segment) {
    return Long.parseLong(segment.getFileName().toString().replaceAll("log_(\\d+)-\\d+", "$1"));
  }
}
