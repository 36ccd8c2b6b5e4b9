package io.quoll.server.consensus;

import io.quoll.server.coordination.SessionClockwork;
import io.quoll.server.coordination.SessionExpirer;
import io.quoll.server.coordination.SessionHold;
import io.quoll.server.coordination.SessionHolder;
import io.quoll.server.coordination.SessionTiming;
import io.quoll.server.coordination.Sessions;
import io.quoll.server.coordination.TouchReporter;
import io.quoll.statemachine.store.StateStore;
import java.util.concurrent.TimeUnit;

/** What a server adds to a node of a {@link TestEnsemble} for its sessions. */
final class SessionReplica implements AutoCloseable {
  final TestEnsemble.Node node;
  final Sessions sessions;
  private final SessionTiming timing;
  private final SessionClockwork clockwork;

  SessionReplica(TestEnsemble.Node node, SessionTiming timing) {
    this.node = node;
    this.timing = timing;
    this.sessions = new Sessions(node.consensus(), node.store(), timing);
    this.clockwork =
        new SessionClockwork(
            (code, message, cause) -> {
              throw new AssertionError(message, cause);
            });
    SessionExpirer expirer =
        new SessionExpirer(node.consensus(), node.store(), timing, System::nanoTime);
    TouchReporter reporter =
        new TouchReporter(sessions, node.consensus(), timing, System::nanoTime);
    node.listeners().add(sessions);
    node.listeners().add(expirer);
    node.consensus().setTouchReceiver(expirer);
    clockwork.run(timing.interval(), expirer::check);
    clockwork.run(timing.interval(), reporter::report);
  }

  /** Opens a session here. */
  SessionHold open(long timeoutMillis, SessionHolder holder) throws Exception {
    return sessions
        .open(timeoutMillis, holder, TestEnsemble.deadline(20))
        .get(20, TimeUnit.SECONDS);
  }

  /**
   * Touches the session of {@code hold} in each interval from now on, even if this replica lets go
   * of it because an election took long: its client would come back.
   */
  void keepAlive(SessionHold hold) {
    clockwork.run(timing.interval(), () -> sessions.touch(hold.sessionId()));
  }

  /** Whether this replica's tree has the session. */
  boolean knows(SessionHold hold) {
    try (StateStore.View view = node.store().view()) {
      return view.session(hold.sessionId()).isPresent();
    }
  }

  @Override
  public void close() {
    sessions.close();
    clockwork.close();
  }
}
