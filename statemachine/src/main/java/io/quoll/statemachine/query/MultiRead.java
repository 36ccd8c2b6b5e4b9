package io.quoll.statemachine.query;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.StateView;

/**
 * Answers each of {@code parts} from one view; a rejected part leaves the others untouched.
 *
 * @param parts queries that are no multi-reads; may be empty
 */
public record MultiRead(ImmutableList<Query> parts) implements Query {
  /** How many parts a multi-read has at most. */
  public static final int PARTS_MAX = 1_000;

  /** Refuses a multi-read as a part. */
  public MultiRead {
    checkArgument(parts.stream().noneMatch(MultiRead.class::isInstance), "multi-reads don't nest");
  }

  @Override
  public Answer answerFrom(StateView state) {
    return new Answer.All(
        parts.stream().map(part -> Answer.of(part, state)).collect(toImmutableList()));
  }
}
