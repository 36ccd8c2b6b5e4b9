package io.quoll.server.coordination;

/** The node cannot start, for a reason that a person must mend; the message says how. */
public final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /** The node ends with {@code exitCode}; {@code message} says why and what to do. */
  public StartupException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** How the process is to end. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
