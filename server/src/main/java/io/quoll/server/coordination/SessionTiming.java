package io.quoll.server.coordination;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;

/**
 * The times of sessions. Everything that looks after them is measured in ticks, so that a session
 * is ended within one tick after its timeout. (ADR 0014.)
 *
 * @param tick ZooKeeper's unit of time
 * @param timeoutMin the shortest timeout of a session
 * @param timeoutMax the longest
 */
public record SessionTiming(Duration tick, Duration timeoutMin, Duration timeoutMax) {
  private static final Duration INTERVAL_MIN = Duration.ofMillis(1);
  private static final Duration SILENCE_MIN = Duration.ofSeconds(1);

  /** Refuses times that contradict each other. */
  public SessionTiming {
    checkArgument(tick.compareTo(Duration.ZERO) > 0, "a tick takes time");
    checkArgument(timeoutMin.compareTo(Duration.ZERO) > 0, "a timeout takes time");
    checkArgument(timeoutMin.compareTo(timeoutMax) <= 0, "the longest timeout is the shorter one");
  }

  /** Timeouts of 2 to 20 ticks, as ZooKeeper has them by default. */
  public static SessionTiming ofTick(Duration tick) {
    return new SessionTiming(tick, tick.multipliedBy(2), tick.multipliedBy(20));
  }

  /** What is nearest to {@code timeoutMillis} within the limits. */
  long agreedMillis(long timeoutMillis) {
    return Math.max(timeoutMin.toMillis(), Math.min(timeoutMillis, timeoutMax.toMillis()));
  }

  /** How often signs of life are reported, and how often the leader looks for silent sessions. */
  public Duration interval() {
    Duration interval = tick.dividedBy(8);
    return interval.compareTo(INTERVAL_MIN) < 0 ? INTERVAL_MIN : interval;
  }

  /**
   * How long the leader waits beyond a timeout, so that a sign of life that came in time is known
   * even if its first report failed.
   */
  Duration slack() {
    return tick.dividedBy(2);
  }

  /**
   * How long a replica may go without being heard by the leader until a session of {@code
   * timeoutMillis} is to leave it, which must have the time to.
   */
  Duration silenceMax(long timeoutMillis) {
    Duration silence = tick.compareTo(SILENCE_MIN) < 0 ? SILENCE_MIN : tick;
    Duration half = Duration.ofMillis(timeoutMillis).dividedBy(2);
    return silence.compareTo(half) < 0 ? silence : half;
  }
}
