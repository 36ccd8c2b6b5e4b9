package io.quoll.statemachine.command;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateTransaction;

/**
 * Opens a session, whose id is the zxid of this transaction. Never rejected.
 *
 * @param secret {@link Session#SECRET_BYTES} random bytes, drawn by the server that proposes
 * @param timeoutMillis how long the session may be silent, as the server agreed with the client
 */
public record OpenSession(ByteString secret, long timeoutMillis) implements Command {
  /** Refuses a secret of another length. */
  public OpenSession {
    Session.checkSecret(secret);
  }

  @Override
  public Result applyTo(StateTransaction state) {
    Session session = Session.openedAt(state.zxid(), secret, timeoutMillis);
    state.putSession(session);
    return new Result.SessionOpened(session.id(), session.epoch(), timeoutMillis);
  }
}
