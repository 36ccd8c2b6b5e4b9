package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.client.Consistency;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients that write until they are stopped: for each server one that creates znodes and one that
 * counts, which begin there and fail over to the other servers.
 */
public final class Load implements AutoCloseable {
  private static final ByteString START = ByteString.copyFromUtf8("start");
  private static final int STOP_SECONDS_MAX = 90;

  private final List<QuollClient> clients = new ArrayList<>();
  private final List<Writer> writers = new ArrayList<>();
  private final List<Future<?>> runs = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean stopped;

  private Load() {}

  /** Starts to write, below {@code /load}, which must not exist yet. */
  public static Load start(Ensemble ensemble) {
    Load load = new Load();
    try (QuollClient client = ensemble.clientFrom(1)) {
      client.create("/load", null, CreateMode.PERSISTENT);
      for (int id = 1; id <= ensemble.servers().size(); id++) {
        client.create("/load/creator" + id, null, CreateMode.PERSISTENT);
        client.create("/load/counter" + id, START, CreateMode.PERSISTENT);
        load.add(new Creator(load.client(ensemble, id), "/load/creator" + id));
        load.add(new Counter(load.client(ensemble, id), "/load/counter" + id, START));
      }
    }
    return load;
  }

  private QuollClient client(Ensemble ensemble, int first) {
    QuollClient client = Ensemble.client(ensemble.startingWith(first), Consistency.LINEARIZABLE);
    clients.add(client);
    return client;
  }

  private void add(Writer writer) {
    writers.add(writer);
    runs.add(threads.submit(() -> run(writer)));
  }

  private Void run(Writer writer) throws InterruptedException {
    while (!stopped) {
      writer.step();
    }
    writer.finish();
    return null;
  }

  /** How many writes were acknowledged so far. */
  public long acknowledged() {
    return writers.stream().mapToLong(Writer::acknowledged).sum();
  }

  /** Waits until {@code writes} more are acknowledged. */
  public void awaitMore(int writes) {
    long wanted = acknowledged() + writes;
    await("%d more writes are acknowledged".formatted(writes))
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> acknowledged() >= wanted);
  }

  /** Writes no more, and returns once every write has come to something. */
  public void stop() {
    stopped = true;
    try {
      for (Future<?> run : runs) {
        run.get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("a writer did not stop in order", failure);
    }
  }

  /** Once stopped: every acknowledged write is in the tree, and none that was refused. */
  public void requireKept(ServerProcess server) {
    try (QuollClient reader = Ensemble.strictClientOf(server)) {
      for (Writer writer : writers) {
        assertThat(writer.violations(reader)).isEmpty();
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    clients.forEach(QuollClient::close);
    threads.shutdownNow();
  }
}
