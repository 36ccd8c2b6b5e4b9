package io.quoll.statemachine.query;

import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/**
 * The data and the stat of the znode at {@code path}; {@code NO_NODE} where there is none, {@code
 * NO_AUTH} without READ on it.
 */
public record GetData(ZnodePath path) implements Query {
  @Override
  public Answer answerFrom(StateView state, Identities caller) {
    Znode znode = state.require(path);
    caller.require(Permission.READ, znode.acl(), path);
    return new Answer.Data(state.data(path), znode.stat());
  }
}
