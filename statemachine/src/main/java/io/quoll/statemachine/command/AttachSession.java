package io.quoll.statemachine.command;

import static io.quoll.statemachine.state.ErrorCode.AUTH_FAILED;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateTransaction;

/**
 * Attaches a session anew, at whichever server: its epoch is raised, and what belongs to an older
 * epoch is refused from here on. (ADR 0010.)
 *
 * <p>Rejected, in this order: {@code SESSION_EXPIRED} if the session is gone; {@code AUTH_FAILED}
 * if the secret is not its own, which disturbs nobody.
 *
 * @param sessionId the session
 * @param secret what the client showed
 * @param timeoutMillis how long the session may be silent from now on; 0 leaves what was agreed
 */
public record AttachSession(long sessionId, ByteString secret, long timeoutMillis)
    implements Command {
  /** Refuses a secret of another length. */
  public AttachSession {
    Session.checkSecret(secret);
  }

  @Override
  public Result applyTo(StateTransaction state) {
    Session session = SessionWrite.requireSession(sessionId, state);
    if (!session.secret().equals(secret)) {
      throw new Rejection(AUTH_FAILED, "", "the secret is not that of the session");
    }
    long agreedMillis = timeoutMillis == 0 ? session.timeoutMillis() : timeoutMillis;
    Session attached = session.attached(agreedMillis);
    state.putSession(attached);
    return new Result.SessionAttached(
        sessionId, attached.epoch(), agreedMillis, attached.lastCxid());
  }
}
