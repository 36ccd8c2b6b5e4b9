package io.quoll.cli.bench;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Many requests of which some are in flight at a time, each of which has to succeed.
 *
 * <p>Confined to one thread.
 */
public final class Pipeline {
  private final int inFlight;
  private final Duration patience;
  private final Semaphore free;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Makes one of the requests. */
  @FunctionalInterface
  public interface Step {
    /** Makes the request of that number. */
    void send(long number, Completion completion);
  }

  /**
   * A pipeline.
   *
   * @param inFlight how many requests may be under way
   * @param patience how long any one of them may take
   */
  public Pipeline(int inFlight, Duration patience) {
    this.inFlight = inFlight;
    this.patience = patience;
    this.free = new Semaphore(inFlight);
  }

  /**
   * Makes the requests numbered from 0 and waits for all of them.
   *
   * @throws LoadException if one fails, or takes too long
   */
  public void run(long count, Step step) throws InterruptedException {
    for (long number = 0; number < count && failure.get() == null; number++) {
      take(1);
      step.send(number, this::done);
    }
    take(inFlight);
    free.release(inFlight);
    @Nullable Throwable first = failure.getAndSet(null);
    if (first != null) {
      throw new LoadException("a request failed: " + first.getMessage(), first);
    }
  }

  private void done(@Nullable Throwable fault) {
    if (fault != null) {
      failure.compareAndSet(null, fault);
    }
    free.release();
  }

  private void take(int permits) throws InterruptedException {
    if (!free.tryAcquire(permits, patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new LoadException("no answer within " + patience, new TimeoutException());
    }
  }
}
