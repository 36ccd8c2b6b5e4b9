package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Writes so many znodes that the log no longer holds what came before them. The ensemble must be
 * configured with {@link #SETTINGS}.
 */
record Bulk(Ensemble ensemble, Random random) {
  /** Lines of the configuration with which the log is purged soon. */
  static final String[] SETTINGS = {
    "snapCount=500", "commitLogCount=100", "txnLogSizeLimitInKb=512"
  };

  private static final int IN_FLIGHT = 30;
  private static final int DATA_BYTES = 500;

  /** Creates {@code count} znodes below {@code parent}, and sees to it that the log is purged. */
  void write(String parent, int count) throws InterruptedException {
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

  private Path firstSegment() {
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
