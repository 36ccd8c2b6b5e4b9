package io.quoll.server.coordination;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A request was not served, though nothing is wrong with it. Carries no stack. */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a request was not served. */
  public enum Reason {
    /** No leader with a majority was found in time. */
    NO_QUORUM,
    /** The replica had not applied the zxid asked for in time. */
    BEHIND,
    /** The server has as much to do as it takes. */
    OVERLOADED,
    /** The server is starting or stopping. */
    NOT_SERVING
  }

  /** Whether a write took effect. */
  public enum Applied {
    /** It did not, and never will. */
    NO,
    /** It may have, or may yet. */
    UNKNOWN
  }

  private final Reason reason;
  private final @Nullable Applied applied;
  private final @Nullable Duration retryAfter;

  /**
   * A request was not served.
   *
   * @param applied whether the write took effect, or null for a read
   */
  public UnavailableException(Reason reason, @Nullable Applied applied, String message) {
    this(reason, applied, message, null);
  }

  /**
   * A request was not served.
   *
   * @param applied whether the write took effect, or null for a read
   * @param retryAfter when it may be tried again, or null where the reason says it
   */
  public UnavailableException(
      Reason reason, @Nullable Applied applied, String message, @Nullable Duration retryAfter) {
    super(message, null, false, false);
    this.reason = reason;
    this.applied = applied;
    this.retryAfter = retryAfter;
  }

  /** After how many milliseconds it may be tried again; empty where the reason says it. */
  public OptionalLong retryAfterMillis() {
    // Rounded up: who comes a moment too early is refused again.
    return retryAfter == null
        ? OptionalLong.empty()
        : OptionalLong.of(retryAfter.plusNanos(999_999).toMillis());
  }

  /** Why the request was not served. */
  public Reason reason() {
    return reason;
  }

  /** Whether the write took effect; null for a read. */
  public @Nullable Applied applied() {
    return applied;
  }
}
