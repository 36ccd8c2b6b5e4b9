package io.quoll.statemachine.command;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Closes a session because its client asked for it or because it was silent for too long. Its
 * ephemeral znodes are deleted at the zxid of this transaction, in the order of their paths, and
 * its replies are forgotten.
 *
 * <p>Rejected, in this order: {@code SESSION_EXPIRED} if the session is gone; {@code SESSION_MOVED}
 * if it is of another epoch by now, so that what was decided on a silent session does not end one
 * that came back. (ADR 0010.)
 *
 * @param sessionId the session
 * @param epoch the epoch that it is to be closed in
 */
public record CloseSession(long sessionId, long epoch) implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    Session session = SessionWrite.requireSession(sessionId, state);
    SessionWrite.requireEpoch(session, epoch);
    ImmutableList<ZnodePath> ephemerals = state.ephemerals(sessionId);
    for (ZnodePath ephemeral : ephemerals) {
      Delete.deleteChild(ephemeral, state.require(ephemeral.parent()), state);
    }
    state.removeSession(sessionId);
    return new Result.SessionClosed(sessionId, ephemerals.size());
  }
}
