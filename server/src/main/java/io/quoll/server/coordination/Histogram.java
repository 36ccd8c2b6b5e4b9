package io.quoll.server.coordination;

import com.google.common.primitives.ImmutableLongArray;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How values are distributed: counts of those up to each of some bounds, their sum, the least and
 * the greatest.
 *
 * <p>Thread-safe, and made for the hot path: to record a value takes a few nanoseconds, no lock and
 * no memory, and threads that record at a time do not meet.
 */
public final class Histogram {
  private static final ImmutableLongArray TIME_BOUNDS =
      ImmutableLongArray.copyOf(
          LongStream.of(
                  50,
                  100,
                  250,
                  500,
                  1_000,
                  2_000,
                  5_000,
                  10_000,
                  25_000,
                  50_000,
                  100_000,
                  250_000,
                  500_000,
                  1_000_000,
                  2_500_000,
                  5_000_000,
                  10_000_000)
              .map(TimeUnit.MICROSECONDS::toNanos));

  private static final ImmutableLongArray COUNT_BOUNDS =
      ImmutableLongArray.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);

  private static final double NANO = 1e-9;

  private final ImmutableLongArray bounds;
  private final double unit;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();
  private final LongAccumulator least = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator greatest = new LongAccumulator(Math::max, 0);

  /**
   * What was recorded so far.
   *
   * @param counts how many values there are up to each of the bounds and above the one before, and
   *     at last those above all bounds
   * @param sum of all values
   * @param least 0 if there is none
   * @param greatest 0 if there is none
   */
  public record Snapshot(ImmutableLongArray counts, long sum, long least, long greatest) {
    /** How many values there are. */
    public long count() {
      return counts.stream().sum();
    }
  }

  private Histogram(ImmutableLongArray bounds, double unit) {
    this.bounds = bounds;
    this.unit = unit;
    this.counts =
        Stream.generate(LongAdder::new).limit(bounds.length() + 1L).toArray(LongAdder[]::new);
  }

  /** A histogram of times in nanoseconds, from 50 microseconds to ten seconds. */
  public static Histogram ofTimes() {
    return new Histogram(TIME_BOUNDS, NANO);
  }

  /** A histogram of numbers of things, from one to ten thousand. */
  public static Histogram ofCounts() {
    return new Histogram(COUNT_BOUNDS, 1);
  }

  /** Records a value. */
  public void record(long value) {
    int place = 0;
    while (place < bounds.length() && value > bounds.get(place)) {
      place++;
    }
    counts[place].increment();
    sum.add(value);
    least.accumulate(value);
    greatest.accumulate(value);
  }

  /** The bounds, the least first, in the unit in which values are recorded. */
  public ImmutableLongArray bounds() {
    return bounds;
  }

  /** What a recorded 1 is in the unit of the measurement: of times, a second. */
  public double unit() {
    return unit;
  }

  /** What was recorded so far; what comes at the same moment may be there in part. */
  public Snapshot snapshot() {
    ImmutableLongArray.Builder now = ImmutableLongArray.builder(counts.length);
    for (LongAdder count : counts) {
      now.add(count.sum());
    }
    long min = least.get();
    return new Snapshot(now.build(), sum.sum(), min == Long.MAX_VALUE ? 0 : min, greatest.get());
  }
}
