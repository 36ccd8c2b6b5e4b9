package io.quoll.statemachine.query;

import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/**
 * The stat of the znode at {@code path}, if there is one; {@code NO_AUTH} if there is and the
 * caller may not read it. (ZOOKEEPER-2590.)
 */
public record Exists(ZnodePath path) implements Query {
  @Override
  public Answer answerFrom(StateView state, Identities caller) {
    Znode znode = state.find(path).orElse(null);
    if (znode == null) {
      return new Answer.Found(null);
    }
    caller.require(Permission.READ, znode.acl(), path);
    return new Answer.Found(znode.stat());
  }
}
