package io.quoll.server.consensus;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets all that waits for a barrier at one time share one. Whoever comes while a barrier is under
 * way waits for the next: that one may have got its place in the log before. Thread-safe.
 */
final class Barriers {
  private final LongFunction<CompletableFuture<?>> propose;

  @GuardedBy("this")
  private @Nullable Round next;

  @GuardedBy("this")
  private boolean underWay;

  /** Those who wait for one barrier, and the latest time at which one of them gives up. */
  private static final class Round {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long deadlineNanos;

    Round(long deadlineNanos) {
      this.deadlineNanos = deadlineNanos;
    }
  }

  /** {@code propose} proposes a barrier with a deadline and completes once it is applied. */
  Barriers(LongFunction<CompletableFuture<?>> propose) {
    this.propose = propose;
  }

  /** Completes once a barrier is applied that was proposed after this call. */
  CompletableFuture<Void> await(long deadlineNanos) {
    Round mine;
    boolean begin;
    synchronized (this) {
      if (next == null) {
        next = new Round(deadlineNanos);
      }
      mine = next;
      if (deadlineNanos - mine.deadlineNanos > 0) {
        mine.deadlineNanos = deadlineNanos;
      }
      begin = !underWay;
    }
    if (begin) {
      beginNext();
    }
    return mine.done.copy();
  }

  private void beginNext() {
    Round round;
    synchronized (this) {
      if (underWay || next == null) {
        return;
      }
      round = next;
      next = null;
      underWay = true;
    }
    var unused =
        propose.apply(round.deadlineNanos).whenComplete((reply, failure) -> finish(round, failure));
  }

  private void finish(Round round, @Nullable Throwable failure) {
    synchronized (this) {
      underWay = false;
    }
    beginNext();
    if (failure == null) {
      round.done.complete(null);
    } else {
      round.done.completeExceptionally(failure);
    }
  }
}
