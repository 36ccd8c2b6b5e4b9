package io.quoll.statemachine.command;

import io.quoll.statemachine.state.QuotaLimits;
import io.quoll.statemachine.state.Quotas;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Changes how much the subtree at {@code path} may hold. What it holds when it gets its first quota
 * is counted here if it is little, else by {@link CountQuota}s after this.
 *
 * <p>Rejected as {@link Quotas#set} says. That the subtree holds more than a hard limit already is
 * no reason: it can then only shrink.
 */
public record SetQuota(ZnodePath path, QuotaLimits change) implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    state.quotas().set(path, change);
    return new Result.QuotaCounted(state.quotas().count(path, CountQuota.ZNODES_MAX));
  }
}
