package io.quoll.cli.bench;

import com.google.errorprone.annotations.Immutable;
import org.HdrHistogram.Histogram;

/** How long requests took, in milliseconds; all zero if there were none. */
@Immutable
public record Percentiles(double p50Millis, double p99Millis, double p999Millis, double maxMillis) {
  private static final double MICROS = 1_000;

  /** What a histogram of microseconds holds. */
  public static Percentiles of(Histogram histogram) {
    return new Percentiles(
        histogram.getValueAtPercentile(50) / MICROS,
        histogram.getValueAtPercentile(99) / MICROS,
        histogram.getValueAtPercentile(99.9) / MICROS,
        histogram.getMaxValue() / MICROS);
  }
}
