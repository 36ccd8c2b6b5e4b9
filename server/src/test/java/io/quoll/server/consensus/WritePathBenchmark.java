package io.quoll.server.consensus;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.RocksConfig;
import io.quoll.statemachine.store.RocksStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much the write path carries without a front end: three processes with all their fsyncs, the
 * load made inside the leader's. Prints operations and log entries a second, and latencies.
 *
 * <p>Arguments: the seconds to measure (30), the operations in flight (600), the seconds to warm up
 * before (60).
 */
final class WritePathBenchmark {
  private static final int ZNODES = 1000;
  private static final int WARM_UP_SECONDS = 60;
  private static final ByteString DATA = ByteString.copyFrom(new byte[100]);

  private WritePathBenchmark() {}

  /** Runs the benchmark, or with {@code member ID DIRECTORY PORTS…} one of its other members. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("member")) {
      start(Integer.parseInt(args[1]), Path.of(args[2]), List.of(args).subList(3, args.length));
      Uninterruptibles.sleepUninterruptibly(1, TimeUnit.HOURS);
      return;
    }
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 30;
    int inFlight = args.length > 1 ? Integer.parseInt(args[1]) : 600;
    int warmUp = args.length > 2 ? Integer.parseInt(args[2]) : WARM_UP_SECONDS;
    Path directory = Files.createTempDirectory("write-path");
    List<String> ports = freePorts();
    List<Process> others = new ArrayList<>();
    try {
      others.add(spawn(2, directory, ports));
      others.add(spawn(3, directory, ports));
      RatisConsensus consensus = start(1, directory, ports);
      lead(consensus);
      run(consensus, inFlight, warmUp, "warm-up ");
      run(consensus, inFlight, seconds, "measured");
    } finally {
      others.forEach(Process::destroyForcibly);
    }
    System.exit(0);
  }

  private static List<String> freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    List<String> ports = new ArrayList<>();
    for (ServerSocket socket : sockets) {
      ports.add(Integer.toString(socket.getLocalPort()));
      socket.close();
    }
    return ports;
  }

  private static Process spawn(int id, Path directory, List<String> ports) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                WritePathBenchmark.class.getName(),
                "member",
                Integer.toString(id),
                directory.toString()));
    command.addAll(ports);
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static RatisConsensus start(int id, Path directory, List<String> ports) throws Exception {
    ImmutableList.Builder<ConsensusConfig.Peer> peers = ImmutableList.builder();
    for (int i = 0; i < ports.size(); i++) {
      peers.add(
          new ConsensusConfig.Peer(i + 1, "127.0.0.1", Integer.parseInt(ports.get(i)), false, ""));
    }
    Path home = directory.resolve("node" + id);
    ConsensusConfig config =
        new ConsensusConfig(
            id,
            "bench",
            peers.build(),
            home,
            home,
            "",
            "bench",
            1 << 20,
            1L << 30,
            Duration.ofHours(1),
            20_000,
            64 << 20,
            Optional.empty());
    RatisConsensus consensus =
        new RatisConsensus(
            config,
            RocksStore.open(home.resolve("store"), RocksConfig.DEFAULT),
            new Deaf(),
            (code, message, cause) -> {
              System.err.println(message + " " + cause);
              Runtime.getRuntime().halt(code.number());
            });
    consensus.start();
    return consensus;
  }

  private static void lead(RatisConsensus consensus) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline && !consensus.hasQuorum()) {
      Uninterruptibles.sleepUninterruptibly(100, TimeUnit.MILLISECONDS);
    }
    System.out.println(
        consensus.standing().role() == Role.LEADER
            ? "The load is made in the leader's process"
            : "The load is made in a follower's process");
    for (int i = 0; i < ZNODES; i++) {
      Command create = TestEnsemble.createZnode("/n" + i);
      consensus.submit(Caller.ANONYMOUS, create, TestEnsemble.deadline(30)).get();
    }
  }

  private static void run(RatisConsensus consensus, int inFlight, int seconds, String phase)
      throws InterruptedException {
    Semaphore slots = new Semaphore(inFlight);
    LongAdder done = new LongAdder();
    AtomicLong failed = new AtomicLong();
    ConcurrentLinkedQueue<Long> micros = new ConcurrentLinkedQueue<>();
    long entriesBefore = consensus.standing().appliedIndex();
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    for (int i = 0; System.nanoTime() < end; i++) {
      slots.acquire();
      SetData command = new SetData(ZnodePath.of("/n" + i % ZNODES), DATA, -1);
      long begun = System.nanoTime();
      boolean sampled = i % 16 == 0;
      var unused =
          consensus
              .submit(Caller.ANONYMOUS, command, TestEnsemble.deadline(30))
              .whenComplete(
                  (reply, failure) -> {
                    slots.release();
                    done.increment();
                    if (failure != null) {
                      failed.incrementAndGet();
                    } else if (sampled) {
                      micros.add((System.nanoTime() - begun) / 1000);
                    }
                  });
    }
    double elapsed = (System.nanoTime() - start) / 1e9;
    List<Long> sorted = new ArrayList<>(micros);
    Collections.sort(sorted);
    System.out.printf(
        "%s: %.0f ops/s, %.0f entries/s, p50 %.1f ms, p99 %.1f ms, %d failed%n",
        phase,
        done.sum() / elapsed,
        (consensus.standing().appliedIndex() - entriesBefore) / elapsed,
        sorted.get(sorted.size() / 2) / 1000.0,
        sorted.get(sorted.size() * 99 / 100) / 1000.0,
        failed.get());
  }

  private static final class Deaf implements AppliedListener {
    @Override
    public void onCommitted(EntryOutcome outcome) {}

    @Override
    public void onPublished(EntryOutcome outcome) {}

    @Override
    public void onRestored(long zxid) {}
  }
}
