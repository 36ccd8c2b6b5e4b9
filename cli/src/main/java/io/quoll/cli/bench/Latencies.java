package io.quoll.cli.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long requests took, in microseconds. Recording is for any thread, reading for one.
 *
 * <p>Thread-safe as said.
 */
final class Latencies {
  private static final long MICROS_MAX = TimeUnit.MINUTES.toMicros(10);
  private static final int DIGITS = 3;
  private static final int STRIPES = 8;

  private final Recorder[] stripes = new Recorder[STRIPES]; // Sessions rarely share a thread.

  Latencies() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Recorder(MICROS_MAX, DIGITS);
    }
  }

  /** A histogram that holds what is recorded here. */
  static Histogram histogram() {
    return new Histogram(MICROS_MAX, DIGITS);
  }

  /** Records a request of a session. */
  void record(int session, long nanos) {
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    stripes[session % STRIPES].recordValue(Math.min(Math.max(micros, 0), MICROS_MAX));
  }

  /** What was recorded since the last call, with the times of both. */
  Histogram takeInterval() {
    Histogram sum = histogram();
    for (Recorder stripe : stripes) {
      Histogram part = stripe.getIntervalHistogram();
      sum.setStartTimeStamp(part.getStartTimeStamp());
      sum.setEndTimeStamp(part.getEndTimeStamp());
      sum.add(part);
    }
    return sum;
  }
}
