package io.quoll.integration;

import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollRuntime;
import io.quoll.client.SessionOptions;
import io.quoll.client.WatchMode;
import io.quoll.client.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What {@value #SESSIONS} sessions of three servers cost while they are idle, and how fast one
 * change reaches all of them. Measures, and asserts nothing.
 */
public final class SessionBenchmark {
  private static final int SESSIONS = 10_000;
  private static final int RUNTIMES = 4;
  private static final int AT_ONCE = 250;
  private static final int CHANGES = 20;
  private static final int CHANGES_UNMEASURED = 5;
  private static final Duration IDLE = Duration.ofSeconds(40);
  private static final Duration STEP_MAX = Duration.ofMinutes(2);
  private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

  private final LongAdder events = new LongAdder();

  private SessionBenchmark() {}

  /** Runs the benchmark and prints its figures. */
  public static void main(String[] args) {
    List<QuollRuntime> runtimes =
        IntStream.range(0, RUNTIMES).mapToObj(each -> QuollRuntime.start()).toList();
    try (Ensemble ensemble = Ensemble.startAtFullSpeed("session-benchmark")) {
      new SessionBenchmark().run(ensemble, runtimes);
    } finally {
      runtimes.forEach(QuollRuntime::close);
    }
  }

  private void run(Ensemble ensemble, List<QuollRuntime> runtimes) {
    try (QuollClient client = Ensemble.clientOf(ensemble.leader())) {
      client.create("/watched", null, CreateMode.PERSISTENT);
    }
    long heapBefore = heapBytes(ensemble);
    long began = System.nanoTime();
    List<AsyncQuollSession> sessions = open(ensemble, runtimes);
    System.out.printf("%d sessions opened in %d ms%n", SESSIONS, millisSince(began));
    System.out.printf(
        "%d bytes of heap a session, all three servers together%n",
        (heapBytes(ensemble) - heapBefore) / SESSIONS);
    idle(ensemble);
    watch(sessions);
    try (QuollClient client = Ensemble.clientOf(ensemble.leader())) {
      for (int change = 1; change <= CHANGES; change++) {
        change(client, change);
      }
    }
  }

  private static List<AsyncQuollSession> open(Ensemble ensemble, List<QuollRuntime> runtimes) {
    String addresses =
        ensemble.servers().stream()
            .map(ServerProcess::clientAddress)
            .collect(Collectors.joining(","));
    SessionOptions options =
        SessionOptions.of(addresses).withSessionTimeout(Duration.ofSeconds(40));
    ImmutableList.Builder<AsyncQuollSession> sessions = ImmutableList.builder();
    for (int first = 0; first < SESSIONS; first += AT_ONCE) {
      List<AsyncQuollSession> some =
          IntStream.range(first, first + AT_ONCE)
              .mapToObj(i -> AsyncQuollSession.open(options, runtimes.get(i % RUNTIMES)))
              .toList();
      awaitAll(some.stream().map(AsyncQuollSession::opened).toList());
      sessions.addAll(some);
    }
    return sessions.build();
  }

  private static void awaitAll(List<? extends CompletableFuture<?>> futures) {
    await("all are done")
        .atMost(STEP_MAX)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> futures.stream().allMatch(CompletableFuture::isDone));
    futures.forEach(CompletableFuture::join);
  }

  private static void idle(Ensemble ensemble) {
    pause(IDLE); // What starting left to compile is not of the sessions.
    long before = cpuTicks(ensemble);
    pause(IDLE);
    System.out.printf(
        "idle: %.2f CPU seconds of all three servers in %d s%n",
        (cpuTicks(ensemble) - before) / 100.0, IDLE.toSeconds());
  }

  private void watch(List<AsyncQuollSession> sessions) {
    awaitAll(
        sessions.stream()
            .map(
                session ->
                    session.addWatch("/watched", WatchMode.PERSISTENT, event -> events.increment()))
            .toList());
  }

  private void change(QuollClient client, int change) {
    long began = System.nanoTime();
    client.setData("/watched", ByteString.EMPTY, Write.ANY_VERSION);
    long wanted = (long) change * SESSIONS;
    await("all sessions have the event")
        .atMost(STEP_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> events.sum() >= wanted);
    if (change > CHANGES_UNMEASURED) {
      long millis = millisSince(began);
      System.out.printf(
          "one change: the last of %d events after %d ms, %d events/s%n",
          SESSIONS, millis, SESSIONS * 1_000L / Math.max(1, millis));
    }
  }

  private static long heapBytes(Ensemble ensemble) {
    return ensemble.servers().stream()
        .mapToLong(
            server -> {
              String pid = Long.toString(server.pid());
              jcmd(pid, "GC.run");
              Matcher used = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
              return used.find() ? Long.parseLong(used.group(1)) * 1024 : 0;
            })
        .sum();
  }

  private static String jcmd(String... arguments) {
    ImmutableList<String> command =
        ImmutableList.<String>builder()
            .add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString())
            .add(arguments)
            .build();
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(
          process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  // The fields after the name, which may hold spaces: user and system time, in hundredths.
  private static long cpuTicks(Ensemble ensemble) {
    return ensemble.servers().stream()
        .mapToLong(
            server -> {
              try {
                String stat = Files.readString(Path.of("/proc/" + server.pid() + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
              } catch (IOException failure) {
                throw new UncheckedIOException(failure);
              }
            })
        .sum();
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  private static void pause(Duration duration) {
    try {
      if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
