package io.quoll.client;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Why a request failed, and whether it took effect all the same. */
public final class QuollException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final @Nullable String path;
  private final Applied applied;

  /**
   * An error in words and as values.
   *
   * @param path the path at fault as the caller knows it, or null
   * @param cause what led to it, or null
   */
  public QuollException(
      ErrorCode code,
      @Nullable String path,
      Applied applied,
      String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.path = path;
    this.applied = applied;
  }

  /** What went wrong, for programs; the message says it for people. */
  public ErrorCode code() {
    return code;
  }

  /** The path at fault, where there is one. */
  public Optional<String> path() {
    return Optional.ofNullable(path);
  }

  /** Whether the write took effect; {@code NO} for a read. */
  public Applied applied() {
    return applied;
  }

  /**
   * The error in what a future of this client failed with, which the JDK may have wrapped on its
   * way; whatever else was thrown becomes {@code UNKNOWN}.
   */
  public static QuollException in(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof QuollException exception
        ? exception
        : new QuollException(
            ErrorCode.UNKNOWN, null, Applied.UNKNOWN, String.valueOf(cause), thrown);
  }
}
