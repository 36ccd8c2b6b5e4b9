package io.quoll.statemachine.command;

import static com.google.common.base.Preconditions.checkArgument;
import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateTransaction;

/**
 * Applies all of {@code parts} at one zxid, in their order, each seeing those before it; or none of
 * them, if one is rejected. (ZooKeeper: multi.) Rejected with {@code LIMIT_EXCEEDED} if there are
 * more than {@link #PARTS_MAX}.
 *
 * @param parts creates, deletes, data settings and checks; may be empty
 */
public record Multi(ImmutableList<Command> parts) implements Command {
  /** How many parts a multi has at most. */
  public static final int PARTS_MAX = 10_000;

  /** Refuses parts of other kinds. */
  public Multi {
    checkArgument(
        parts.stream().allMatch(Multi::isPart), "a multi has creates, deletes, sets and checks");
  }

  private static boolean isPart(Command command) {
    return command instanceof Create
        || command instanceof Delete
        || command instanceof SetData
        || command instanceof Check;
  }

  @Override
  public Result applyTo(StateTransaction state) {
    if (parts.size() > PARTS_MAX) {
      throw new Rejection(
          LIMIT_EXCEEDED,
          "",
          "the multi has " + parts.size() + " parts, and may have at most " + PARTS_MAX);
    }
    ImmutableList.Builder<Result> results = ImmutableList.builderWithExpectedSize(parts.size());
    for (int index = 0; index < parts.size(); index++) {
      try {
        results.add(parts.get(index).applyTo(state));
      } catch (Rejection rejection) {
        throw rejection.inPart(index);
      }
    }
    return new Result.All(results.build());
  }
}
