package io.quoll.server.coordination;

import org.jspecify.annotations.Nullable;

/** Ends the node at once: a replica that is not sure stops. Thread-safe. */
public interface FatalHandler {
  /**
   * Stops serving and ends the process with {@code exitCode}, without an orderly stop.
   *
   * @param message what happened, for whoever reads the log
   * @param cause the exception behind it, or null
   */
  void halt(ExitCode exitCode, String message, @Nullable Throwable cause);
}
