package io.quoll.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How the waiting methods wait. */
final class Waiting {
  private Waiting() {}

  /** The value of the future once it is there. */
  static <T extends @Nullable Object> T on(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      throw QuollException.in(failed);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  /** Whether the future has a value or has failed before so much time has passed. */
  static boolean isDoneWithin(Duration patience, CompletableFuture<?> future) {
    try {
      future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException failed) {
      return true;
    } catch (TimeoutException tooLong) {
      return false;
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static QuollException interrupted(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new QuollException(
        ErrorCode.INTERRUPTED, null, Applied.UNKNOWN, "interrupted while waiting", interrupted);
  }
}
