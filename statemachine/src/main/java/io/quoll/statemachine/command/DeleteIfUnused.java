package io.quoll.statemachine.command;

import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Deletes the znode at {@code path} if it is a container or has a time to live, and has outlived
 * its purpose by the time of this transaction: {@link Znode#isUnused}. Otherwise changes nothing,
 * whatever has happened to the znode since the leader looked. Never rejected.
 *
 * <p>The leader's to propose: it asks for no permission, so no front end may make one of a request.
 */
public record DeleteIfUnused(ZnodePath path) implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    boolean unused = state.find(path).filter(z -> z.isUnused(state.timeMillis())).isPresent();
    if (!unused) {
      return new Result.Deleted(0);
    }
    Delete.deleteChild(path, state.require(path.parent()), state);
    return new Result.Deleted(1);
  }
}
