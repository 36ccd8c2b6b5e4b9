package io.quoll.integration.bench;

import io.quoll.cli.bench.LoadException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** The events that watches told of. Thread-safe. */
final class Events {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long POLL_MILLIS = 1;

  private final LongAdder count = new LongAdder();
  private final LongAccumulator last = new LongAccumulator(Math::max, Long.MIN_VALUE);

  /** Counts an event of now. */
  void tell() {
    last.accumulate(System.nanoTime());
    count.increment();
  }

  /**
   * Waits for the event of that number, counted from 1, and tells when it came.
   *
   * @throws LoadException if it does not come, or if there are more
   */
  long awaitLast(long number) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (count.sum() < number && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    long came = count.sum();
    if (came != number) {
      throw new LoadException("%d events of %d".formatted(came, number), new TimeoutException());
    }
    return last.get();
  }
}
