package io.quoll.statemachine.store;

import com.google.errorprone.annotations.Immutable;

/**
 * The place of a log entry in the Raft log.
 *
 * @param term the term that the entry was proposed in
 * @param index its index
 */
@Immutable
public record Position(long term, long index) {
  /** Before the first entry. */
  public static final Position NONE = new Position(0, -1);
}
