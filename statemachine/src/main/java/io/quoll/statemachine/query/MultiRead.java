package io.quoll.statemachine.query;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateView;
import org.jspecify.annotations.Nullable;

/**
 * Answers each of {@code parts} from one view; a rejected part leaves the others untouched. Parts
 * that come after {@link #ANSWER_BYTES} of names and data are rejected with {@code LIMIT_EXCEEDED},
 * and so is the whole if there are more than {@link #PARTS_MAX} parts.
 *
 * @param parts queries that are no multi-reads; may be empty
 */
public record MultiRead(ImmutableList<Query> parts) implements Query {
  /** How many parts a multi-read has at most. */
  public static final int PARTS_MAX = 1_000;

  /** The bytes of names, stats and data after which no further part is answered. */
  public static final int ANSWER_BYTES = 1024 * 1024;

  // What a stat weighs in an answer, about.
  private static final int STAT_BYTES = 64;

  /** Refuses a multi-read as a part. */
  public MultiRead {
    checkArgument(parts.stream().noneMatch(MultiRead.class::isInstance), "multi-reads don't nest");
  }

  @Override
  public Answer answerFrom(StateView state, Identities caller) {
    if (parts.size() > PARTS_MAX) {
      throw new Rejection(
          ErrorCode.LIMIT_EXCEEDED,
          "",
          "the multi-read has " + parts.size() + " parts, and may have at most " + PARTS_MAX);
    }
    ImmutableList.Builder<Answer> answers = ImmutableList.builderWithExpectedSize(parts.size());
    long bytes = 0;
    for (Query part : parts) {
      Answer answer = bytes < ANSWER_BYTES ? Answer.of(part, state, caller) : tooMuch();
      bytes += bytesOf(answer);
      answers.add(answer);
    }
    return new Answer.All(answers.build());
  }

  private static Answer tooMuch() {
    return new Answer.Rejected(
        ErrorCode.LIMIT_EXCEEDED,
        "",
        "the parts before hold more than "
            + ANSWER_BYTES
            + " bytes; read this one by a call of its own");
  }

  private static long bytesOf(Answer answer) {
    if (answer instanceof Answer.Data data) {
      return size(data.data());
    }
    if (answer instanceof Answer.Children page) {
      return page.children().stream()
          .mapToLong(child -> (long) child.name().length() + size(child.data()))
          .sum();
    }
    return STAT_BYTES;
  }

  private static int size(@Nullable ByteString data) {
    return STAT_BYTES + (data == null ? 0 : data.size());
  }
}
