package io.quoll.statemachine.command;

import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Counts some more znodes of the subtree at {@code path}, which has a new quota, so that a large
 * one does not hold up what comes after. (ADR 0028.) Never rejected.
 *
 * <p>The leader's to propose, until all are counted.
 */
public record CountQuota(ZnodePath path) implements Command {
  /** How many znodes one transaction counts at most. */
  public static final int ZNODES_MAX = 2_000;

  @Override
  public Result applyTo(StateTransaction state) {
    return new Result.QuotaCounted(state.quotas().count(path, ZNODES_MAX));
  }
}
