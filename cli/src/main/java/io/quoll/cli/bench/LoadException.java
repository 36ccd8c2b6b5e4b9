package io.quoll.cli.bench;

/** The load could not be put on, and why. */
public final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure with a message for people. */
  public LoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
