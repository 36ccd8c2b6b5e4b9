package io.quoll.statemachine.query;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Counts the znodes below {@code path}, not itself, up to {@link #PAGE_ZNODES} of them; {@code
 * NO_NODE} where there is no such znode, {@code NO_AUTH} without READ on it. Those below are
 * counted whoever may read them. (ZooKeeper: getAllChildrenNumber.)
 *
 * @param after the path after which to go on counting; {@code path} itself to begin
 */
public record CountDescendants(ZnodePath path, ZnodePath after) implements Query {
  /** How many znodes one query counts at most. */
  public static final int PAGE_ZNODES = 20_000;

  @Override
  public Answer answerFrom(StateView state, Identities caller) {
    caller.require(Permission.READ, state.require(path).acl(), path);
    ImmutableList<ZnodePath> found = state.descendants(path, after, PAGE_ZNODES);
    boolean mayHaveMore = found.size() == PAGE_ZNODES;
    return new Answer.Count(found.size(), mayHaveMore ? found.get(PAGE_ZNODES - 1).value() : null);
  }
}
