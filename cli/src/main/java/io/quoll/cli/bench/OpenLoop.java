package io.quoll.cli.bench;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests begin at a rate, whether or not earlier ones are answered. When there is no idle slot,
 * or this thread is late, a request begins later; its time counts from when it ought to have begun,
 * so what a slow ensemble holds up is not left out (coordinated omission).
 *
 * <p>Slots are added by one thread, which also starts and stops it.
 */
final class OpenLoop implements Loop {
  private static final double NANOS = 1e9;
  private static final long IDLE_WAIT_MILLIS = 100;

  private final Tally tally;
  private final double rate;
  private final BlockingQueue<Slot> idle =
      new LinkedBlockingQueue<>(); // As long as there are slots.
  private final Thread pacer = new Thread(this::pace, "bench-pacer");
  private int slots;
  private volatile boolean isRunning;

  /** A loop that begins {@code rate} requests a second. */
  OpenLoop(Tally tally, double rate) {
    this.tally = tally;
    this.rate = rate;
  }

  @Override
  public void add(LoadSession session, int sessionNumber, RequestSequence requests) {
    idle.add(new Slot(session, sessionNumber, requests, tally, idle::add, idle::add));
    slots++;
  }

  @Override
  public void start() {
    isRunning = true;
    pacer.setDaemon(true);
    pacer.start();
  }

  private void pace() {
    long began = System.nanoTime();
    for (long request = 0; isRunning; request++) {
      long due = began + (long) (request * NANOS / rate);
      waitUntil(due);
      startOne(due);
    }
  }

  private static void waitUntil(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void startOne(long due) {
    try {
      while (isRunning) {
        Slot slot = idle.poll(IDLE_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        if (slot != null) {
          slot.start(due);
          return;
        }
      }
    } catch (InterruptedException stopped) {
      isRunning = false;
    }
  }

  @Override
  public void stop(Duration patience) throws InterruptedException {
    isRunning = false;
    pacer.join(patience.toMillis());
    for (int i = 0; i < slots; i++) {
      if (idle.poll(patience.toMillis(), TimeUnit.MILLISECONDS) == null) {
        throw new LoadException("requests are not answered", new TimeoutException());
      }
    }
  }
}
