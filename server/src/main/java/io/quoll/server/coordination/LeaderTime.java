package io.quoll.server.coordination;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time in which a leader measures the silence of sessions. It stands still while the leader
 * could not have heard them: while this process did not run, which is noticed by the gap that it
 * leaves, and while no majority answered. So one difference extends all deadlines at once.
 *
 * <p>Confined to its owner's lock.
 */
final class LeaderTime {
  private final LongSupplier nanos;
  private final long usualGapNanos;
  private long lastNanos;
  private long lostNanos;
  private boolean heard = true;

  /**
   * Begins now.
   *
   * @param nanos a clock that nobody sets, such as {@link System#nanoTime}
   * @param interval how often the time is asked at least, if all is well
   */
  LeaderTime(LongSupplier nanos, Duration interval) {
    this.nanos = nanos;
    this.usualGapNanos = interval.toNanos();
    this.lastNanos = nanos.getAsLong();
  }

  /** The time, in nanoseconds since an arbitrary moment; never goes back. */
  long now() {
    long real = nanos.getAsLong();
    long gap = real - lastNanos;
    if (!heard) {
      lostNanos += gap;
    } else if (gap > 2 * usualGapNanos) {
      lostNanos += gap - usualGapNanos;
    }
    lastNanos = real;
    return real - lostNanos;
  }

  /**
   * Says whether a majority answers now. If not, what passed since the last look is lost too, for
   * nobody knows when it fell silent.
   */
  void setHeard(boolean heard) {
    boolean before = this.heard;
    this.heard = heard && before;
    now();
    this.heard = heard;
  }
}
