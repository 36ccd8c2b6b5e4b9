package io.quoll.cli.bench;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** What came of the requests. Counting is for any thread, reading for one. Thread-safe as said. */
final class Tally {
  private static final int REASONS_MAX = 20;

  private final Latencies latencies = new Latencies();
  private final AtomicLong longestGap = new AtomicLong();
  private final LongAdder failures = new LongAdder();
  private final Set<String> reasons = ConcurrentHashMap.newKeySet();
  private final Consumer<String> log;
  private volatile long lastAnswer = System.nanoTime();

  /** A tally that tells {@code log} each reason of failures once, of the first few. */
  Tally(Consumer<String> log) {
    this.log = log;
  }

  void answered(int session, long nanos) {
    latencies.record(session, nanos);
    long now = System.nanoTime();
    if (now - lastAnswer > longestGap.get()) {
      longestGap.accumulateAndGet(now - lastAnswer, Math::max);
    }
    lastAnswer = now; // Whichever of several is noted, the next gap begins no later than at it.
  }

  /** Forgets how long there was no answer until now. */
  void forgetGap() {
    longestGap.set(0);
  }

  /** For how many nanoseconds nothing was answered at most, the time since the last included. */
  long longestGap() {
    return Math.max(longestGap.get(), System.nanoTime() - lastAnswer);
  }

  void failed(Throwable failure) {
    failures.increment();
    String reason = String.valueOf(failure);
    if (reasons.size() < REASONS_MAX && reasons.add(reason)) {
      log.accept("a request failed: " + reason);
    }
  }

  /** How many requests failed until now. */
  long failures() {
    return failures.sum();
  }

  /** How long requests took that were answered since the last call. */
  Histogram takeInterval() {
    return latencies.takeInterval();
  }
}
