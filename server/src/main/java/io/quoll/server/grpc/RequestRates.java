package io.quoll.server.grpc;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * How many requests each caller makes in a second, at most: a bucket of tokens for each, which
 * fills evenly and holds a burst. A caller may go into debt by one look, and is then told how long
 * to wait. Thread-safe.
 */
final class RequestRates {
  /** The most callers that are remembered; one that is forgotten begins with a full bucket. */
  static final int CALLERS_MAX = 100_000;

  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

  private final double perSecond;
  private final double burst;
  private final Ticker ticker;
  private final Cache<String, Bucket> buckets;

  /**
   * Rates of {@code perSecond}, or none if that is 0.
   *
   * @param burst how many requests may come at once after a pause
   */
  RequestRates(int perSecond, int burst, Ticker ticker) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.ticker = ticker;
    this.buckets =
        CacheBuilder.newBuilder()
            .maximumSize(CALLERS_MAX)
            .expireAfterAccess(FORGOTTEN_AFTER)
            .ticker(ticker)
            .build();
  }

  /** No limit at all. */
  static RequestRates unlimited() {
    return new RequestRates(0, 0, Ticker.systemTicker());
  }

  /** Whether there is a limit. */
  boolean isLimited() {
    return perSecond > 0;
  }

  /**
   * Takes {@code requests} of {@code caller}, if it may make any now.
   *
   * @return 0 if they are taken, else how many nanoseconds the caller has to wait
   */
  long tryTake(String caller, int requests) {
    if (perSecond <= 0) {
      return 0;
    }
    return bucket(caller).tryTake(requests);
  }

  /**
   * Takes {@code requests} that {@code caller} has made already.
   *
   * @return how many nanoseconds it has to wait before its next one; 0 if not at all
   */
  long take(String caller, int requests) {
    if (perSecond <= 0) {
      return 0;
    }
    return bucket(caller).take(requests);
  }

  /** The limit, as callers are told it. */
  @Override
  public String toString() {
    return "%.0f in a second, %.0f at once".formatted(perSecond, burst);
  }

  private Bucket bucket(String caller) {
    try {
      return buckets.get(caller, Bucket::new);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private final class Bucket {
    @GuardedBy("this")
    private double tokens = burst;

    @GuardedBy("this")
    private long filledNanos = ticker.read();

    synchronized long tryTake(int requests) {
      fill();
      if (tokens < 1) {
        return nanosUntil(1 - tokens);
      }
      tokens -= requests;
      return 0;
    }

    synchronized long take(int requests) {
      fill();
      tokens -= requests;
      return tokens >= 0 ? 0 : nanosUntil(-tokens);
    }

    @GuardedBy("this")
    private void fill() {
      long now = ticker.read();
      double seconds = (now - filledNanos) / (double) TimeUnit.SECONDS.toNanos(1);
      tokens = Math.min(burst, tokens + seconds * perSecond);
      filledNanos = now;
    }

    private long nanosUntil(double missing) {
      return (long) Math.ceil(missing / perSecond * TimeUnit.SECONDS.toNanos(1));
    }
  }
}
