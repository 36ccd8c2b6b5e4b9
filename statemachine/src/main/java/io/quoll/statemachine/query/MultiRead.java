package io.quoll.statemachine.query;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateView;

/**
 * Answers each of {@code parts} from one view; a rejected part leaves the others untouched.
 * Rejected with {@code LIMIT_EXCEEDED} if there are more than {@link #PARTS_MAX}.
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
    if (parts.size() > PARTS_MAX) {
      throw new Rejection(
          ErrorCode.LIMIT_EXCEEDED,
          "",
          "the multi-read has " + parts.size() + " parts, and may have at most " + PARTS_MAX);
    }
    return new Answer.All(
        parts.stream().map(part -> Answer.of(part, state)).collect(toImmutableList()));
  }
}
