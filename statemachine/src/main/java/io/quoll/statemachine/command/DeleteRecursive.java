package io.quoll.statemachine.command;

import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Deletes the znode at {@code path} and all below it, at one zxid.
 *
 * <p>Rejected, in this order: {@code BAD_ARGUMENTS} if the znode is protected; {@code NO_NODE} if
 * it is missing; {@code LIMIT_EXCEEDED} if there are more than {@link #ZNODES_MAX} znodes, of which
 * none is deleted then.
 */
public record DeleteRecursive(ZnodePath path) implements Command {
  /** How many znodes one transaction deletes at most. */
  public static final int ZNODES_MAX = 10_000;

  @Override
  public Result applyTo(StateTransaction state) {
    Delete.requireDeletable(path);
    Znode parent = state.require(path.parent());
    state.require(path);
    ImmutableList<ZnodePath> below = state.descendants(path, path, ZNODES_MAX);
    if (below.size() + 1 > ZNODES_MAX) {
      throw new Rejection(
          LIMIT_EXCEEDED,
          path,
          path
              + (" has " + ZNODES_MAX + " or more znodes below it, and one transaction deletes at")
              + (" most " + ZNODES_MAX + "; delete the subtrees of its children first"));
    }
    for (ZnodePath descendant : below.reverse()) { // The deepest first: a child before its parent.
      state.delete(descendant);
    }
    Delete.deleteChild(path, parent, state);
    return new Result.Deleted(below.size() + 1);
  }
}
