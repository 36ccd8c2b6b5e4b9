package io.quoll.statemachine.command;

import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateTransaction;

/**
 * Changes nothing and is always rejected, with {@code code}: what becomes of a numbered write that
 * is wrong whatever the tree holds. It takes its number like any other, so that those behind it in
 * the pipeline leave no gap, and its rejection is recorded as its reply.
 *
 * @param path the path that was at fault, as the client wrote it
 * @param detail what was wrong, in words
 */
public record Refuse(ErrorCode code, String path, String detail) implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    throw new Rejection(code, path, detail);
  }
}
