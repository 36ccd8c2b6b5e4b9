package io.quoll.integration.history;

import org.jspecify.annotations.Nullable;

/**
 * A question and its answer, with the times of both.
 *
 * @param returned {@link #NEVER} if no answer came: then it may take effect at any time after it
 *     was asked, or never
 * @param output the answer, or null if none came
 */
record Timed<I, O>(long invoked, long returned, I input, @Nullable O output) {
  /** The time of an answer that did not come. */
  static final long NEVER = Long.MAX_VALUE;
}
