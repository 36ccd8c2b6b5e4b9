package io.quoll.cli.tree;

import io.quoll.client.Applied;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** How commands wait for what they asked. */
public final class Answer {
  private Answer() {}

  /**
   * The value of the future once it is there. For what changes the tree: whether it did is not
   * known of a wait that was interrupted.
   *
   * @throws QuollException if it fails; with {@code INTERRUPTED} if the thread is interrupted,
   *     which it still is then
   */
  public static <T extends @Nullable Object> T of(CompletableFuture<T> future) {
    return await(future, Applied.UNKNOWN);
  }

  /** As {@link #of}, for what changes nothing. */
  public static <T extends @Nullable Object> T ofRead(CompletableFuture<T> future) {
    return await(future, Applied.NO);
  }

  private static <T extends @Nullable Object> T await(
      CompletableFuture<T> future, Applied whenInterrupted) {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      throw QuollException.in(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new QuollException(
          ErrorCode.INTERRUPTED, null, whenInterrupted, "interrupted while waiting", interrupted);
    }
  }
}
