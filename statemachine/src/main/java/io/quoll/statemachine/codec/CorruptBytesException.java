package io.quoll.statemachine.codec;

import org.jspecify.annotations.Nullable;

/** Bytes from the log, the disk or a peer are not what this software writes or understands. */
public final class CorruptBytesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptBytesException(String message) {
    this(message, null);
  }

  CorruptBytesException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
