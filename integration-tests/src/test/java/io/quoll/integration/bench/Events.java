package io.quoll.integration.bench;

import static org.awaitility.Awaitility.await;

import io.quoll.cli.bench.LoadException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.core.ConditionTimeoutException;

/** The events that watches told of. Thread-safe. */
final class Events {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(1);

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
  long awaitLast(long number) {
    try {
      await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL)
          .until(() -> count.sum() >= number);
    } catch (ConditionTimeoutException late) {
      throw new LoadException("%d events of %d".formatted(count.sum(), number), late);
    }
    if (count.sum() > number) {
      throw new LoadException(
          "%d events in place of %d".formatted(count.sum(), number), new IllegalStateException());
    }
    return last.get();
  }
}
