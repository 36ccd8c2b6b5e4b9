package io.quoll.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * Runs workloads on an ensemble, one at a time, each with znodes and sessions of its own.
 *
 * <p>Confined to one thread.
 */
public final class Load {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PREPARED_AT_ONCE = 100;
  private static final int OPEN_SLOTS = 10_000;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LoadTarget target;
  private final LoadObserver observer;

  /** A load on {@code target}. */
  public Load(LoadTarget target, LoadObserver observer) {
    this.target = target;
    this.observer = observer;
  }

  /**
   * Prepares the znodes, runs the workload, and deletes the znodes.
   *
   * @throws LoadException if the ensemble does not take the load, or a znode is in its place
   */
  public LoadResult run(Workload workload, LoadPlan plan) throws InterruptedException {
    ZnodePaths paths = new ZnodePaths(plan.base(), workload.znodes());
    try (OpenSessions sessions =
        OpenSessions.open(target, workload.sessions(), workload.valueBytes(), PATIENCE)) {
      prepare(sessions.first(), paths, workload.znodes());
      try {
        return run(workload, plan, paths, sessions.all());
      } finally {
        clean(sessions.first(), paths.base());
      }
    }
  }

  private static void prepare(LoadSession session, ZnodePaths paths, int znodes)
      throws InterruptedException {
    pipeline().run(1, (number, completion) -> session.create(paths.base(), completion));
    pipeline()
        .run(
            znodes, (number, completion) -> session.create(paths.common((int) number), completion));
  }

  private static Pipeline pipeline() {
    return new Pipeline(PREPARED_AT_ONCE, PATIENCE);
  }

  private static void clean(LoadSession session, String base) throws InterruptedException {
    List<String> children;
    try {
      children = session.children(base).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new LoadException("cannot clean up " + base + ": " + failure, failure);
    }
    pipeline()
        .run(
            children.size(),
            (number, completion) ->
                session.delete(base + "/" + children.get((int) number), completion));
    pipeline().run(1, (number, completion) -> session.delete(base, completion));
  }

  private LoadResult run(
      Workload workload, LoadPlan plan, ZnodePaths paths, List<LoadSession> sessions)
      throws InterruptedException {
    Tally tally = new Tally(observer::log);
    Loop loop = plan.isOpen() ? new OpenLoop(tally, plan.rate()) : new ClosedLoop(tally);
    int slots = plan.isOpen() ? Math.max(1, OPEN_SLOTS / sessions.size()) : workload.inFlight();
    for (int slot = 0;
        slot < slots;
        slot++) { // Those that take slots in turn take sessions in turn.
      for (int session = 0; session < sessions.size(); session++) {
        int number = slot * sessions.size() + session;
        loop.add(sessions.get(session), session, RequestSequence.of(workload, paths, number));
      }
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
      long failures = tally.failures() - failuresBefore;
      return intervals.result(seconds, failures);
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

    LoadResult result(double seconds, long failures) {
      return new LoadResult(seconds, sum.getTotalCount(), failures, Percentiles.of(sum));
    }

    @Override
    public void close() {
      file.ifPresent(HistogramFile::close);
    }
  }
}
