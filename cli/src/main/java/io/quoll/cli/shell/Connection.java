package io.quoll.cli.shell;

import io.quoll.cli.reply.WatchPrinter;
import io.quoll.cli.tree.Ensemble;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.QuollException;
import io.quoll.client.SessionState;

/** The session of a shell, from when it is begun until it is closed. Thread-safe. */
final class Connection implements AutoCloseable {
  private final Ensemble ensemble;
  private final WatchPrinter printer;
  private final Runnable changed;
  private volatile boolean wasConnected;
  private volatile boolean isClosing;

  private Connection(Ensemble ensemble, WatchPrinter printer, Runnable changed) {
    this.ensemble = ensemble;
    this.printer = printer;
    this.changed = changed;
  }

  /**
   * Begins a session.
   *
   * @param changed is called when the session has come to another state
   */
  static Connection begin(Ensemble ensemble, WatchPrinter printer, Runnable changed) {
    Connection connection = new Connection(ensemble, printer, changed);
    ensemble.beginSession(connection::tell);
    return connection;
  }

  private void tell(SessionState state) {
    if (isClosing) {
      return; // Whoever closes it knows.
    }
    printer.noteState(state);
    changed.run();
    boolean isBeginning = state == SessionState.CONNECTING || !wasConnected;
    wasConnected |= state == SessionState.CONNECTED;
    if (!isBeginning || state.isFinal()) {
      printer.printState(state);
    }
  }

  /**
   * The ensemble, once the session is open.
   *
   * @throws QuollException if no server opens it
   */
  Ensemble opened() {
    var unused = ensemble.session();
    return ensemble;
  }

  /** The ensemble, whether or not the session is open. */
  Ensemble ensemble() {
    return ensemble;
  }

  /** Whether the session has ended, so that there is no more use for it. */
  boolean isOver() {
    return ensemble.sessionIfAny().orElseThrow().state().isFinal();
  }

  /** The server and how the session stands, as the prompt shows it. */
  String title() {
    AsyncQuollSession session = ensemble.sessionIfAny().orElseThrow();
    return session.server() + "(" + word(session.state()) + ")";
  }

  private static String word(SessionState state) {
    return switch (state) {
      case CONNECTED -> "CONNECTED";
      case CONNECTING, DISCONNECTED -> "CONNECTING";
      case EXPIRED -> "EXPIRED";
      case AUTH_FAILED -> "AUTH_FAILED";
      case CLOSED -> "CLOSED";
    };
  }

  @Override
  public void close() {
    isClosing = true;
    ensemble.close();
  }
}
