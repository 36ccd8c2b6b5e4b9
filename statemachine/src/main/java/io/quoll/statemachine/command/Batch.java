package io.quoll.statemachine.command;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * Proposals of one origin, in their order.
 *
 * @param origin who proposes, and completes them when its own replica has applied them
 * @param firstSequence the number of the first proposal; those after it count up from it
 * @param proposals at least one
 */
@Immutable
public record Batch(Origin origin, long firstSequence, ImmutableList<Proposal> proposals) {
  /** The number of the last proposal. */
  public long lastSequence() {
    return firstSequence + proposals.size() - 1;
  }
}
