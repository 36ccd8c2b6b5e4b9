package io.quoll.statemachine.store;

/** What was asked is not in memory, and only memory was to be looked at. Carries no stack. */
public final class NotInMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The answer needs the disk. */
  public NotInMemoryException() {
    super("the answer needs the disk", null, false, false);
  }
}
