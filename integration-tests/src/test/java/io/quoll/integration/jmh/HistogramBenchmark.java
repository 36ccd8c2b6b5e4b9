package io.quoll.integration.jmh;

import io.quoll.server.coordination.Histogram;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** What it costs to note how long a request took. */
@State(Scope.Benchmark)
public class HistogramBenchmark extends Microbenchmark {
  private final Histogram histogram = Histogram.ofTimes();

  /** By one thread. */
  @Benchmark
  public void record() {
    histogram.record(ThreadLocalRandom.current().nextLong(10_000_000));
  }

  /** By two at a time, which do not meet. */
  @Benchmark
  @Threads(2)
  public void recordByTwo() {
    histogram.record(ThreadLocalRandom.current().nextLong(10_000_000));
  }
}
