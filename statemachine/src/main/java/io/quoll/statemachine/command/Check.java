package io.quoll.statemachine.command;

import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Checks the version of the znode at {@code path} and changes nothing; a part of a {@link Multi}.
 *
 * <p>Rejected, in this order: {@code NO_NODE} if the znode is missing; {@code NO_AUTH} without READ
 * on it; {@code BAD_VERSION} if {@code version} is neither -1 nor its own. (ZooKeeper:
 * PrepRequestProcessor, check.)
 *
 * @param version the version that the znode must have, or -1 for any
 */
public record Check(ZnodePath path, int version) implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    Znode znode = state.require(path);
    state.caller().require(Permission.READ, znode.acl(), path);
    znode.requireVersion(version, path);
    return new Result.Done();
  }
}
