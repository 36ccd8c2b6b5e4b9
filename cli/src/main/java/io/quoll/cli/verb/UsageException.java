package io.quoll.cli.verb;

/** The words of a command line are not what the verb takes; the message says what it takes. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is wrong, or what would be right. */
  public UsageException(String message) {
    super(message);
  }
}
