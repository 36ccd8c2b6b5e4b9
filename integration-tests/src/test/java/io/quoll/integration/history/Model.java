package io.quoll.integration.history;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a thing does that one client uses at a time.
 *
 * @param <S> its state; equal states behave the same
 * @param <I> what it is asked
 * @param <O> what it answers
 */
interface Model<S, I, O> {
  /** How it begins. */
  S initial();

  /**
   * The state after it was asked; empty if it does not answer so.
   *
   * @param output the answer, or null if it is not known
   */
  Optional<S> step(S state, I input, @Nullable O output);
}
