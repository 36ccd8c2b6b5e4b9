package io.quoll.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Runs workloads on an ensemble, one at a time, each with znodes and sessions of its own.
 *
 * <p>Confined to one thread.
 */
public final class Load {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int OPEN_SLOTS = 10_000;
  private static final double MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LoadTarget target;
  private final LoadObserver observer;

  /** A load on {@code target}. */
  public Load(LoadTarget target, LoadObserver observer) {
    this.target = target;
    this.observer = observer;
  }

  /**
   * Prepares the znodes, runs the workload, and deletes the znodes, as the plan says.
   *
   * @throws LoadException if the ensemble does not take the load, or a znode is in its place
   */
  public LoadResult run(Workload workload, LoadPlan plan) throws InterruptedException {
    ZnodePaths paths = new ZnodePaths(plan.base(), workload.znodes());
    try (OpenSessions sessions = open(workload, plan.roams())) {
      List<RequestSequence> sequences = sequences(workload, plan, paths);
      Tree tree = new Tree(paths, sessions.all(), PATIENCE);
      if (plan.tree() != LoadPlan.TreeUse.FOUND) {
        tree.createParents();
        tree.create(workload.valueBytes());
      }
      LoadResult result = run(workload, plan, sequences, sessions.all());
      if (plan.tree() == LoadPlan.TreeUse.PASSING) {
        tree.delete(sequences.stream().flatMap(each -> each.own().stream()).toList());
      }
      return result;
    }
  }

  /**
   * Creates the znodes of a workload below {@code base} and leaves them, and tells in how many
   * seconds. They are counted from when their parents are there.
   *
   * @throws LoadException if the ensemble does not take them
   */
  public double fill(Workload workload, String base) throws InterruptedException {
    ZnodePaths paths = new ZnodePaths(base, workload.znodes());
    try (OpenSessions sessions = open(workload, false)) {
      Tree tree = new Tree(paths, sessions.all(), PATIENCE);
      tree.createParents();
      observer.measuring();
      long began = System.nanoTime();
      tree.create(workload.valueBytes());
      double seconds = (System.nanoTime() - began) / (double) SECOND;
      observer.measured();
      return seconds;
    }
  }

  private OpenSessions open(Workload workload, boolean roams) throws InterruptedException {
    return OpenSessions.open(
        roams ? target::openRoaming : target::open,
        workload.sessions(),
        workload.valueBytes(),
        PATIENCE);
  }

  private static List<RequestSequence> sequences(
      Workload workload, LoadPlan plan, ZnodePaths paths) {
    int slots = plan.isOpen() ? Math.max(1, OPEN_SLOTS / workload.sessions()) : workload.inFlight();
    return IntStream.range(0, slots * workload.sessions())
        .mapToObj(number -> RequestSequence.of(workload, paths, number))
        .toList();
  }

  private LoadResult run(
      Workload workload, LoadPlan plan, List<RequestSequence> sequences, List<LoadSession> sessions)
      throws InterruptedException {
    Tally tally = new Tally(observer::log);
    Loop loop = plan.isOpen() ? new OpenLoop(tally, plan.rate()) : new ClosedLoop(tally);
    for (int number = 0; number < sequences.size(); number++) {
      int session = number % sessions.size(); // Who takes slots in turn takes sessions in turn.
      loop.add(sessions.get(session), session, sequences.get(number));
    }
    loop.start();
    try {
      waitUntil(System.nanoTime() + plan.leadIn().toNanos());
      return measure(workload, plan, tally);
    } finally {
      loop.stop(PATIENCE);
    }
  }

  private LoadResult measure(Workload workload, LoadPlan plan, Tally tally)
      throws InterruptedException {
    try (Intervals intervals = Intervals.of(plan.histograms(), workload.name())) {
      tally.takeInterval(); // What was answered before.
      tally.forgetGap();
      long failuresBefore = tally.failures();
      observer.measuring();
      long began = System.nanoTime();
      long end = began + plan.measured().toNanos();
      for (long next = began; next < end; ) {
        next = Math.min(next + SECOND, end);
        waitUntil(next);
        intervals.add(tally.takeInterval());
      }
      double seconds = (System.nanoTime() - began) / (double) SECOND;
      observer.measured();
      return intervals.result(
          seconds, tally.failures() - failuresBefore, tally.longestGap() / MILLI);
    }
  }

  private static void waitUntil(long nanos) throws InterruptedException {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  /** The histograms of each second, together and in a file. Confined to one thread. */
  private record Intervals(Histogram sum, Optional<HistogramFile> file) implements AutoCloseable {
    static Intervals of(Optional<Path> file, String about) {
      return new Intervals(Latencies.histogram(), file.map(path -> new HistogramFile(path, about)));
    }

    void add(Histogram interval) {
      sum.add(interval);
      file.ifPresent(log -> log.add(interval));
    }

    LoadResult result(double seconds, long failures, double longestGapMillis) {
      return new LoadResult(
          seconds, sum.getTotalCount(), failures, longestGapMillis, Percentiles.of(sum));
    }

    @Override
    public void close() {
      file.ifPresent(HistogramFile::close);
    }
  }
}
