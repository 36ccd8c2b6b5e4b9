package io.quoll.cli.bench;

import com.google.common.collect.ImmutableList;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A session that is under load. Its requests take effect in their order, and their completions are
 * called by one thread, which must not be made to wait. Thread-safe.
 */
public interface LoadSession {
  /** Done when the session is open. */
  CompletableFuture<@Nullable Void> opened();

  /** Creates a persistent znode. */
  void create(String path, Completion completion);

  /** Deletes a znode, whatever its version. */
  void delete(String path, Completion completion);

  /** Replaces a znode's data, whatever its version. */
  void setData(String path, Completion completion);

  /** Reads a znode's data, as the session's server has it. */
  void data(String path, Completion completion);

  /** Creates persistent znodes, all or none. */
  void createAll(ImmutableList<String> paths, Completion completion);

  /** Deletes znodes, all or none. */
  void deleteAll(ImmutableList<String> paths, Completion completion);

  /** From now on has {@code told} run for each change of a znode's data, by any one thread. */
  void watch(String path, Runnable told, Completion completion);

  /** Closes the session; done when that is over, however it ended. */
  CompletableFuture<@Nullable Void> close();
}
