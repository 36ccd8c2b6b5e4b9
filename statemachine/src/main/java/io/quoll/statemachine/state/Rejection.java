package io.quoll.statemachine.state;

/**
 * Ends a request with an error that its client must see. Carries no stack: it is no surprise.
 *
 * <p>Caught only where a request becomes an outcome or an answer; any other exception there is a
 * bug.
 */
public final class Rejection extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int NO_PART = -1;

  private final ErrorCode code;
  private final String path;
  private final int part;

  /**
   * Rejects a request with {@code code}, on account of {@code path}; {@code detail} tells a person
   * what was wrong and what would be right.
   */
  public Rejection(ErrorCode code, ZnodePath path, String detail) {
    this(code, path.value(), detail);
  }

  /**
   * Rejects a request with {@code code}, on account of {@code path}, which may be no valid path, or
   * empty where it is no path that is at fault.
   */
  public Rejection(ErrorCode code, String path, String detail) {
    this(code, path, detail, NO_PART);
  }

  private Rejection(ErrorCode code, String path, String detail, int part) {
    super(detail, null, false, false);
    this.code = code;
    this.path = path;
    this.part = part;
  }

  /** This rejection as that of the part of a multi at {@code index}, counted from 0. */
  public Rejection inPart(int index) {
    return new Rejection(code, path, detail(), index);
  }

  /** The error that the client sees. */
  public ErrorCode code() {
    return code;
  }

  /** The path that was at fault, as the client wrote it. */
  public String path() {
    return path;
  }

  /** What was wrong, in words. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  /** Whether one part of a multi was rejected, and all of the multi with it. */
  public boolean isInPart() {
    return part != NO_PART;
  }

  /** The index of the part that was rejected, or -1 outside a multi. */
  public int part() {
    return part;
  }
}
