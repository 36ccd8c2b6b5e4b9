package io.quoll.statemachine.command;

import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.ZnodePath;

/** Removes the quota of the subtree at {@code path}; rejected with {@code NO_NODE} without one. */
public record RemoveQuota(ZnodePath path) implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    state.quotas().remove(path);
    return new Result.Done();
  }
}
