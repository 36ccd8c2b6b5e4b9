package io.quoll.client;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a session pings its server and when it leaves it: a ping in each third of the timeout, and
 * away after two thirds of it without a word.
 *
 * <p>Confined to the session's lane.
 */
final class SignsOfLife {
  private static final int TICKS_OF_TIMEOUT = 6;
  private static final int TICKS_OF_SILENCE = 4;

  private final Lane lane;
  private final Runnable ping;
  private final Runnable leave;
  private @Nullable Future<?> timer;
  private long tickNanos;
  private long lastTickNanos;
  private long heardNanos;
  private long ticks;

  SignsOfLife(Lane lane, Runnable ping, Runnable leave) {
    this.lane = lane;
    this.ping = ping;
    this.leave = leave;
  }

  void start(long timeoutMillis) {
    stop();
    tickNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis) / TICKS_OF_TIMEOUT;
    ticks = 0;
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
    ticks++;
    if (wasPaused || ticks % 2 == 0) {
      ping.run();
    }
    schedule();
  }
}
