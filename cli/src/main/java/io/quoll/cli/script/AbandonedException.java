package io.quoll.cli.script;

import io.quoll.client.QuollException;

/** No server can be reached, so that the rest of a script has no chance either. */
final class AbandonedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final QuollException failure;

  AbandonedException(int line, QuollException failure) {
    super(failure);
    this.line = line;
    this.failure = failure;
  }

  int line() {
    return line;
  }

  QuollException failure() {
    return failure;
  }
}
