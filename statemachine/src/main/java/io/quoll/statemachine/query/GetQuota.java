package io.quoll.statemachine.query;

import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.QuotaCounts;
import io.quoll.statemachine.state.Quotas;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.ZnodePath;

/**
 * The quota of the subtree at {@code path}; rejected with {@code NO_NODE} if it has none. For
 * administrators, whom the front end lets pass.
 */
public record GetQuota(ZnodePath path) implements Query {
  @Override
  public Answer answerFrom(StateView state, Identities caller) {
    return new Answer.Quota(
        Quotas.limits(path, state),
        Quotas.usage(path, state),
        !QuotaCounts.in(state).countedTo().containsKey(path));
  }
}
