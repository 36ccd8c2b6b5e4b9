package io.quoll.statemachine.command;

import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;
import static io.quoll.statemachine.state.ErrorCode.NO_AUTH;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Deletes the znode at {@code path} and all below it, at one zxid.
 *
 * <p>Rejected, in this order: {@code BAD_ARGUMENTS} if the znode is protected; {@code NO_NODE} if
 * its parent is missing; {@code NO_AUTH} without DELETE on the parent; {@code NO_NODE} if it is
 * missing; {@code LIMIT_EXCEEDED} if there are more than {@link #ZNODES_MAX} znodes, of which none
 * is deleted then; {@code NO_AUTH} without DELETE on any znode that has one of them as a child.
 */
public record DeleteRecursive(ZnodePath path) implements Command {
  /** How many znodes one transaction deletes at most. */
  public static final int ZNODES_MAX = 10_000;

  @Override
  public Result applyTo(StateTransaction state) {
    Delete.requireDeletable(path);
    Znode parent = state.require(path.parent());
    state.caller().require(Permission.DELETE, parent.acl(), path.parent());
    Znode top = state.require(path);
    ImmutableList<ZnodePath> below = state.descendants(path, path, ZNODES_MAX);
    if (below.size() + 1 > ZNODES_MAX) {
      throw new Rejection(
          LIMIT_EXCEEDED,
          path,
          path
              + (" has " + ZNODES_MAX + " or more znodes below it, and one transaction deletes at")
              + (" most " + ZNODES_MAX + "; delete the subtrees of its children first"));
    }
    requireDelete(top, state);
    for (ZnodePath descendant : below) {
      requireDelete(state.require(descendant), state);
    }
    for (ZnodePath descendant : below.reverse()) { // The deepest first: a child before its parent.
      state.delete(descendant, state.require(descendant.parent()).acl());
    }
    Delete.deleteChild(path, parent, state);
    return new Result.Deleted(below.size() + 1);
  }

  // Says no more of the znodes below than that one of them is in the way: the caller may not be
  // allowed to know their names.
  private void requireDelete(Znode znode, StateTransaction state) {
    if (znode.numChildren() > 0 && !state.caller().may(Permission.DELETE, znode.acl())) {
      throw new Rejection(
          NO_AUTH,
          path,
          "the caller may not delete all znodes at and below " + path + ", and none was deleted");
    }
  }
}
