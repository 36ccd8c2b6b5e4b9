package io.quoll.server.coordination;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.ratis.AppliedListener;
import java.time.Duration;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The reads that wait until this replica has published a zxid. Thread-safe; the apply thread only
 * takes out what is due, and the timer's thread completes it.
 */
public final class ZxidWaiters implements AppliedListener {
  /** The most reads that wait at one time. */
  public static final int WAITERS_MAX = 10_000;

  /** The longest that a read waits, however late its deadline is. */
  public static final Duration WAIT_MAX = Duration.ofSeconds(10);

  private final ScheduledExecutorService timer;

  @GuardedBy("this")
  private final TreeSet<Waiter> waiters =
      new TreeSet<>(Comparator.comparingLong(Waiter::zxid).thenComparingLong(Waiter::number));

  @GuardedBy("this")
  private long published;

  @GuardedBy("this")
  private long lastNumber;

  @GuardedBy("this")
  private boolean closed;

  private record Waiter(long zxid, long number, CompletableFuture<Void> reached) {}

  /**
   * Starts with a replica that stands at {@code publishedZxid}.
   *
   * @param timer ends waits that take too long, and completes the others
   */
  public ZxidWaiters(long publishedZxid, ScheduledExecutorService timer) {
    this.published = publishedZxid;
    this.timer = timer;
  }

  /**
   * Completes once {@code zxid} is published. Fails with {@link UnavailableException}: {@code
   * BEHIND} at {@code deadlineNanos} or after {@link #WAIT_MAX}, {@code OVERLOADED} if {@link
   * #WAITERS_MAX} reads wait already, {@code NOT_SERVING} once the server stops. Whoever loses
   * interest cancels the future.
   *
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   */
  CompletableFuture<Void> reached(long zxid, long deadlineNanos) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    Waiter waiter;
    synchronized (this) {
      if (published >= zxid) {
        reached.complete(null);
        return reached;
      }
      if (closed || waiters.size() >= WAITERS_MAX) {
        reached.completeExceptionally(refusal(closed));
        return reached;
      }
      waiter = new Waiter(zxid, ++lastNumber, reached);
      waiters.add(waiter);
    }
    long waitNanos = Math.min(deadlineNanos - System.nanoTime(), WAIT_MAX.toNanos());
    Future<?> timeout = timer.schedule(() -> expire(waiter), waitNanos, NANOSECONDS);
    var unusedCleanup =
        reached.whenComplete(
            (done, failure) -> {
              timeout.cancel(false);
              remove(waiter);
            });
    return reached;
  }

  private static UnavailableException refusal(boolean closed) {
    return closed
        ? new UnavailableException(Reason.NOT_SERVING, null, "the server is stopping")
        : new UnavailableException(
            Reason.OVERLOADED, null, WAITERS_MAX + " reads wait already, and no more may");
  }

  /** How many wait. */
  synchronized int count() {
    return waiters.size();
  }

  private void expire(Waiter waiter) {
    String message =
        "zxid %d was not applied here in time, the last one is %d"
            .formatted(waiter.zxid(), publishedZxid());
    waiter.reached().completeExceptionally(new UnavailableException(Reason.BEHIND, null, message));
  }

  private synchronized void remove(Waiter waiter) {
    waiters.remove(waiter);
  }

  /** The last zxid that was published. */
  synchronized long publishedZxid() {
    return published;
  }

  @Override
  public void onCommitted(EntryOutcome outcome) {
    // Nothing waits for what readers do not see yet.
  }

  @Override
  public void onPublished(EntryOutcome outcome) {
    advance(outcome.transaction().zxid());
  }

  @Override
  public void onRestored(long zxid) {
    advance(zxid);
  }

  private void advance(long zxid) {
    ImmutableList<Waiter> due = take(zxid);
    if (!due.isEmpty()) {
      timer.execute(() -> due.forEach(waiter -> waiter.reached().complete(null)));
    }
  }

  private synchronized ImmutableList<Waiter> take(long zxid) {
    published = zxid;
    ImmutableList.Builder<Waiter> due = ImmutableList.builder();
    while (!waiters.isEmpty() && waiters.first().zxid() <= zxid) {
      due.add(waiters.pollFirst());
    }
    return due.build();
  }

  /** Fails all that wait and all that will, with {@code NOT_SERVING}. */
  void close() {
    ImmutableList<Waiter> left;
    synchronized (this) {
      closed = true;
      left = ImmutableList.copyOf(waiters);
    }
    left.forEach(waiter -> waiter.reached().completeExceptionally(refusal(true)));
  }
}
