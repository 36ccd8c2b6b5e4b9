package io.quoll.server.coordination;

import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a session is over, or is so at this replica. */
final class SessionEnd {
  private SessionEnd() {}

  /** Why {@code hold} is over in {@code state}; empty if it is not. */
  static Optional<RuntimeException> of(SessionHold hold, StateView state) {
    Optional<Session> session = state.session(hold.sessionId());
    if (session.isEmpty()) {
      return Optional.of(expired(hold.sessionId()));
    }
    return session.get().epoch() > hold.epoch() ? Optional.of(moved()) : Optional.empty();
  }

  /** There is no such session any more. */
  static Rejection expired(long sessionId) {
    return new Rejection(
        ErrorCode.SESSION_EXPIRED, "", "the session " + sessionId + " does not exist");
  }

  /** A later attachment holds the session. */
  static Rejection moved() {
    return new Rejection(ErrorCode.SESSION_MOVED, "", "the session was attached anew");
  }

  /** This replica holds no sessions any more. */
  static UnavailableException notServing(@Nullable Applied applied) {
    return new UnavailableException(Reason.NOT_SERVING, applied, "the server is stopping");
  }
}
