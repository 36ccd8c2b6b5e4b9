package io.quoll.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
      Thread.currentThread().interrupt();
      throw new QuollException(
          ErrorCode.INTERRUPTED, null, Applied.UNKNOWN, "interrupted while waiting", interrupted);
    }
  }
}
