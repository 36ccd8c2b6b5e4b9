package io.quoll.integration;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.MemberStatus;
import io.quoll.client.AsyncQuollClient;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * What the write path carries: three servers, one client connection to each, {@value #IN_FLIGHT}
 * writes of {@value #DATA_BYTES} bytes in flight. Measures, and asserts nothing.
 */
public final class WriteBenchmark {
  private static final int IN_FLIGHT = 600;
  private static final int DATA_BYTES = 100;
  private static final int ZNODES = 1_000;
  private static final Duration WARM_UP = Duration.ofSeconds(60);
  private static final Duration MEASURED = Duration.ofSeconds(30);

  private final LongAdder written = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final ByteString data = ByteString.copyFrom(new byte[DATA_BYTES]);
  private volatile boolean stopped;

  private WriteBenchmark() {}

  /** Runs the benchmark and prints its figures. */
  public static void main(String[] args) {
    try (Ensemble ensemble = Ensemble.startAtFullSpeed("benchmark")) {
      new WriteBenchmark().run(ensemble);
    }
  }

  private void run(Ensemble ensemble) {
    List<QuollClient> clients = new ArrayList<>();
    for (ServerProcess server : ensemble.servers()) {
      clients.add(Ensemble.clientOf(server));
    }
    createZnodes(clients.get(0));
    for (int i = 0; i < IN_FLIGHT; i++) {
      write(clients.get(i % clients.size()).async(), i);
    }
    pause(WARM_UP);
    measure(ensemble);
    stopped = true;
    clients.forEach(QuollClient::close);
  }

  private static void createZnodes(QuollClient client) {
    client.create("/benchmark", null, CreateMode.PERSISTENT);
    for (int i = 0; i < ZNODES; i++) {
      client.create("/benchmark/" + i, null, CreateMode.PERSISTENT);
    }
  }

  // Each answer starts the next write.
  private void write(AsyncQuollClient client, int number) {
    if (stopped) {
      return;
    }
    String path = "/benchmark/" + number % ZNODES;
    var unused =
        client
            .setData(path, data, Write.ANY_VERSION)
            .whenComplete(
                (stat, failure) -> {
                  (failure == null ? written : failed).increment();
                  write(client, number + IN_FLIGHT);
                });
  }

  private void measure(Ensemble ensemble) {
    MemberStatus before = ensemble.leader().standing().orElseThrow();
    long writtenBefore = written.sum();
    long start = System.nanoTime();
    pause(MEASURED);
    double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    long writes = written.sum() - writtenBefore;
    MemberStatus after = ensemble.leader().standing().orElseThrow();
    long entries = after.getAppliedIndex() - before.getAppliedIndex();
    System.out.printf(
        "%,.0f writes/s, %,.0f entries/s, %.1f writes an entry, %d failed, term %d to %d%n",
        writes / seconds,
        entries / seconds,
        (double) writes / Math.max(1, entries),
        failed.sum(),
        before.getTerm(),
        after.getTerm());
  }

  private static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
