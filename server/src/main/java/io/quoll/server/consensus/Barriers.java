package io.quoll.server.consensus;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets all that waits for a barrier at one time share one. Whoever comes while a barrier is under
 * way waits for the next: that one may have got its place in the log before. Thread-safe.
 */
final class Barriers {
  /** How many wait at a time at most. */
  static final int WAITERS_MAX = 20_000;

  private final LongFunction<CompletableFuture<?>> propose;

  @GuardedBy("this")
  private List<CompletableFuture<Void>> next = new ArrayList<>();

  @GuardedBy("this")
  private long nextDeadlineNanos;

  @GuardedBy("this")
  private boolean underWay;

  /** {@code propose} proposes a barrier with a deadline and completes once it is applied. */
  Barriers(LongFunction<CompletableFuture<?>> propose) {
    this.propose = propose;
  }

  /**
   * Completes once a barrier is applied that was proposed after this call. Fails with {@link
   * UnavailableException}: {@code NO_QUORUM} at {@code deadlineNanos}, {@code OVERLOADED} if {@link
   * #WAITERS_MAX} wait already.
   */
  CompletableFuture<Void> await(long deadlineNanos) {
    CompletableFuture<Void> waiter = new CompletableFuture<>();
    boolean begin;
    synchronized (this) {
      if (next.size() >= WAITERS_MAX) {
        return CompletableFuture.failedFuture(
            new UnavailableException(
                Reason.OVERLOADED, null, WAITERS_MAX + " reads wait for a barrier already"));
      }
      if (next.isEmpty() || deadlineNanos - nextDeadlineNanos > 0) {
        nextDeadlineNanos = deadlineNanos;
      }
      next.add(waiter);
      begin = !underWay;
    }
    if (begin) {
      beginNext();
    }
    return waiter
        .orTimeout(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(inOurWords(failure)));
  }

  private static Throwable inOurWords(Throwable failure) {
    return failure instanceof TimeoutException
        ? new UnavailableException(Reason.NO_QUORUM, null, "no majority agreed in time")
        : failure;
  }

  private void beginNext() {
    List<CompletableFuture<Void>> round;
    long deadlineNanos;
    synchronized (this) {
      if (underWay || next.isEmpty()) {
        return;
      }
      round = next;
      deadlineNanos = nextDeadlineNanos;
      next = new ArrayList<>();
      underWay = true;
    }
    var unused = begin(deadlineNanos).whenComplete((reply, failure) -> finish(round, failure));
  }

  private CompletableFuture<?> begin(long deadlineNanos) {
    try {
      return propose.apply(deadlineNanos);
    } catch (RuntimeException defect) {
      return CompletableFuture.failedFuture(defect);
    }
  }

  private void finish(List<CompletableFuture<Void>> round, @Nullable Throwable failure) {
    synchronized (this) {
      underWay = false;
    }
    beginNext();
    for (CompletableFuture<Void> waiter : round) {
      if (failure == null) {
        waiter.complete(null);
      } else {
        waiter.completeExceptionally(failure);
      }
    }
  }
}
