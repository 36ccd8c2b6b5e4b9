package io.quoll.statemachine.command;

import io.quoll.statemachine.state.StateTransaction;

/**
 * Changes nothing, but has its place in the log: the replica that proposed it has applied, once it
 * sees the result, all that was acknowledged anywhere before the proposal. Strict reads wait for
 * one. (ADR 0007.)
 */
public record Barrier() implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    return new Result.Done();
  }
}
