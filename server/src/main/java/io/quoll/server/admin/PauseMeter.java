package io.quoll.server.admin;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.quoll.server.coordination.Histogram;
import io.quoll.server.coordination.Measured;
import io.quoll.server.coordination.Measurements;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Notices when the process stands still, whatever the reason: a thread that is due ten times a
 * second notes by how much it comes too late. Started and closed once.
 */
final class PauseMeter implements Measured, AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(100);
  private static final Duration PAUSE_MIN = Duration.ofMillis(20);

  private final Histogram pauses = Histogram.ofTimes();
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1, new ThreadFactoryBuilder().setNameFormat("quoll-pauses").setDaemon(true).build());
  private long lastNanos; // Of the executor's thread.

  void start() {
    lastNanos = System.nanoTime();
    var unused =
        executor.scheduleWithFixedDelay(
            this::look, PERIOD.toNanos(), PERIOD.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void look() {
    long now = System.nanoTime();
    long late = now - lastNanos - PERIOD.toNanos();
    if (late > PAUSE_MIN.toNanos()) {
      pauses.record(late);
    }
    lastNanos = now;
  }

  @Override
  public void measure(Measurements to) {
    to.histogram(
        "quoll_pause_seconds",
        "For how long the process, or a thread that was due, stood still; from 20 ms on.",
        pauses);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
