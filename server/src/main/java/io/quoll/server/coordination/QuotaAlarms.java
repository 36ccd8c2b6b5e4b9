package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.state.QuotaAlarm;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that a subtree has come to hold more than a soft limit of its quota, in ZooKeeper's words:
 * when the limit is crossed, and seldom enough that a subtree on the limit does not fill the log.
 *
 * <p>Called by the apply thread; {@link #count} may be called by any.
 */
public final class QuotaAlarms implements AppliedListener {
  /** The least time between two lines in the log. */
  static final Duration PAUSE = Duration.ofMillis(100);

  private static final Logger LOG = LoggerFactory.getLogger(QuotaAlarms.class);

  private final LongSupplier nanos;
  private final AtomicLong count = new AtomicLong();
  private long unlogged;
  private long loggedNanos;

  /**
   * No alarm yet.
   *
   * @param nanos the time, as {@link System#nanoTime} tells it
   */
  public QuotaAlarms(LongSupplier nanos) {
    this.nanos = nanos;
    this.loggedNanos = nanos.getAsLong() - PAUSE.toNanos();
  }

  /** How often a soft limit was crossed here. */
  public long count() {
    return count.get();
  }

  @Override
  public void onCommitted(EntryOutcome outcome) {
    ImmutableList<QuotaAlarm> alarms = outcome.transaction().quotaAlarms();
    for (QuotaAlarm alarm : alarms) {
      count.incrementAndGet();
      log(alarm);
    }
  }

  @Override
  public void onPublished(EntryOutcome outcome) {}

  @Override
  public void onRestored(long zxid) {}

  private void log(QuotaAlarm alarm) {
    long now = nanos.getAsLong();
    if (now - loggedNanos < PAUSE.toNanos()) {
      unlogged++;
      return;
    }
    LOG.warn(
        "Quota exceeded: {} [current {} is {}, soft limit is {}]{}",
        alarm.path(),
        alarm.measure(),
        alarm.usage(),
        alarm.limit(),
        unlogged == 0 ? "" : "; and " + unlogged + " times since the last line");
    unlogged = 0;
    loggedNanos = now;
  }
}
