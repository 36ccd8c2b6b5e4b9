package io.quoll.cli.bench;

import org.jspecify.annotations.Nullable;

/** Is told that a request was answered. */
@FunctionalInterface
public interface Completion {
  /** Called once; {@code failure} is why the request failed, or null if it did not. */
  void done(@Nullable Throwable failure);
}
