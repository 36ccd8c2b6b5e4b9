package io.quoll.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Each answer begins the next request, so that the ensemble itself sets the pace. After a failure
 * the next request waits for a moment, lest nothing but failures are made.
 *
 * <p>Slots are added by one thread, which also starts and stops it.
 */
final class ClosedLoop implements Loop {
  private static final long FAILED_MILLIS = 10;

  private final Tally tally;
  private final List<Slot> slots = new ArrayList<>();
  private final Semaphore ended = new Semaphore(0);
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private volatile boolean isRunning;

  ClosedLoop(Tally tally) {
    this.tally = tally;
  }

  @Override
  public void add(LoadSession session, int sessionNumber, RequestSequence requests) {
    slots.add(new Slot(session, sessionNumber, requests, tally, this::goOn, this::goOnLater));
  }

  @Override
  public void start() {
    isRunning = true;
    slots.forEach(this::goOn);
  }

  private void goOn(Slot slot) {
    if (isRunning) {
      slot.start(System.nanoTime());
    } else {
      ended.release();
    }
  }

  private void goOnLater(Slot slot) {
    try {
      var unused = later.schedule(() -> goOn(slot), FAILED_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      ended.release();
    }
  }

  @Override
  public void stop(Duration patience) throws InterruptedException {
    isRunning = false;
    boolean all = ended.tryAcquire(slots.size(), patience.toMillis(), TimeUnit.MILLISECONDS);
    later.shutdown();
    if (!all) {
      throw new LoadException("requests are not answered", new TimeoutException());
    }
  }
}
