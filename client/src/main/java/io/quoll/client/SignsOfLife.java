package io.quoll.client;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a session pings its server and when it leaves it: a ping in each sixth of the timeout, and
 * away after about half of it without a word. A server that stops may take the last sign of life
 * with it that it answered and did not report; the leader then counts from the one before, and what
 * is left must do to come to another server.
 *
 * <p>Confined to the session's lane.
 */
final class SignsOfLife {
  private static final int TICKS_OF_TIMEOUT = 6;
  private static final double TICKS_OF_SILENCE = 2.5;

  private final Lane lane;
  private final Runnable ping;
  private final Runnable leave;
  private @Nullable Future<?> timer;
  private long tickNanos;
  private long lastTickNanos;
  private long heardNanos;

  SignsOfLife(Lane lane, Runnable ping, Runnable leave) {
    this.lane = lane;
    this.ping = ping;
    this.leave = leave;
  }

  void start(long timeoutMillis) {
    stop();
    tickNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis) / TICKS_OF_TIMEOUT;
    heard();
    schedule();
  }

  void stop() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  void heard() {
    heardNanos = System.nanoTime();
  }

  private void schedule() {
    lastTickNanos = System.nanoTime();
    timer = lane.schedule(this::tick, tickNanos);
  }

  private void tick() {
    long now = System.nanoTime();
    // After a pause of this process, what the server said meanwhile may still lie unread.
    boolean wasPaused = now - lastTickNanos > 2 * tickNanos;
    if (!wasPaused && now - heardNanos > TICKS_OF_SILENCE * tickNanos) {
      leave.run();
      return;
    }
    ping.run();
    schedule();
  }
}
