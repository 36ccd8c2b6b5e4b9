package io.quoll.statemachine.command;

import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.NOT_EMPTY;

import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.Quotas;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Deletes the znode at {@code path}.
 *
 * <p>Rejected, in this order: {@code BAD_ARGUMENTS} if the znode is protected ({@link Genesis}) or
 * belongs to a quota; {@code NO_NODE} if its parent is missing; {@code NO_AUTH} without DELETE on
 * the parent; {@code NO_NODE} if it is missing; {@code BAD_VERSION} if {@code version} is neither
 * -1 nor its own; {@code NOT_EMPTY} if it has children. (ZooKeeper: PrepRequestProcessor, delete.)
 *
 * @param version the version that the znode must have, or -1 for any
 */
public record Delete(ZnodePath path, int version) implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    requireDeletable(path);
    Znode parent = state.require(path.parent());
    state.caller().require(Permission.DELETE, parent.acl(), path.parent());
    Znode znode = state.require(path);
    znode.requireVersion(version, path);
    if (znode.numChildren() > 0) {
      throw new Rejection(
          NOT_EMPTY, path, path + " has " + znode.numChildren() + " children, and must have none");
    }
    deleteChild(path, parent, state);
    return new Result.Deleted(1);
  }

  /**
   * Deletes the znode at {@code path}, which has no children, below its parent, whoever asks for
   * it.
   */
  static void deleteChild(ZnodePath path, Znode parent, StateTransaction state) {
    state.delete(path, parent.acl());
    state.update(path.parent(), parent.withoutChild(state.zxid()));
  }

  static void requireDeletable(ZnodePath path) {
    if (Genesis.isProtected(path)) {
      throw new Rejection(BAD_ARGUMENTS, path, path + " cannot be deleted");
    }
    Quotas.requireNotReserved(path);
  }
}
