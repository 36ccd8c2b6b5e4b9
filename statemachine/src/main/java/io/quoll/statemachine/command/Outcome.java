package io.quoll.statemachine.command;

import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;

/**
 * The result of a command, and the transaction with its changes; a rejected command has none.
 *
 * <p>Confined to the apply thread, as its transaction is.
 */
public record Outcome(Result result, StateTransaction transaction) {
  /**
   * Applies {@code command} to {@code state}. Its changes carry the zxid after that of {@code
   * state}; a command that changes nothing leaves that zxid to the next.
   *
   * @param caller on whose behalf
   * @param timeMillis the stamped time; taken no further back than that of {@code state}
   */
  public static Outcome of(Command command, Caller caller, StateView state, long timeMillis) {
    StateTransaction transaction = begin(state, timeMillis, caller);
    try {
      return new Outcome(command.applyTo(transaction), transaction);
    } catch (Rejection rejection) { // Any other exception is a bug and must stop the replica.
      return new Outcome(rejected(command, rejection), begin(state, timeMillis, caller));
    }
  }

  /** The outcome of what is not applied: {@code result}, and a transaction without changes. */
  static Outcome ofNothing(Result result, StateView state) {
    return new Outcome(result, begin(state, state.timeMillis(), Caller.ANONYMOUS));
  }

  private static StateTransaction begin(StateView state, long timeMillis, Caller caller) {
    return new StateTransaction(
        state,
        state.zxid() + 1,
        Math.max(timeMillis, state.timeMillis()),
        caller.sessionId(),
        caller.identities());
  }

  private static Result rejected(Command command, Rejection rejection) {
    Result.Rejected rejected =
        new Result.Rejected(rejection.code(), rejection.path(), rejection.detail());
    return command instanceof Multi multi && rejection.isInPart()
        ? new Result.MultiRejected(rejection.part(), multi.parts().size(), rejected)
        : rejected;
  }
}
