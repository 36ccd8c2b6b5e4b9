package io.quoll.cli.verb;

/** There is no such verb. */
public final class UnknownVerbException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownVerbException(String verb) {
    super("Command not found: " + verb);
  }
}
