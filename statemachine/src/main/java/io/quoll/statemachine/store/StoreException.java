package io.quoll.statemachine.store;

import org.jspecify.annotations.Nullable;

/** A directory holds no store that this software can use, or not one that is whole. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message) {
    this(message, null);
  }

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
