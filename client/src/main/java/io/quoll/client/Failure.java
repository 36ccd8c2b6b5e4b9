package io.quoll.client;

/**
 * A failed attempt at a call.
 *
 * @param exception what the caller gets unless another attempt goes well
 * @param next what may be done about it
 * @param delayMillis how long to wait before another attempt
 */
record Failure(QuollException exception, Next next, long delayMillis) {
  /** What may be done about a failed attempt. */
  enum Next {
    /** Nothing: the caller gets the error. */
    FAIL,
    /** As {@code FAIL}, but the connection is of no more use. */
    FAIL_AND_LEAVE,
    /** The server said to come back later. */
    TRY_AGAIN,
    /** Another server may do better. */
    TRY_NEXT
  }
}
