package io.quoll.client;

/** How a session stands with its ensemble. */
public enum SessionState {
  /** Not opened yet: the first server is being looked for. */
  CONNECTING,
  /** Attached to a server. */
  CONNECTED,
  /** Without a server for the moment; requests wait, and the session is attached again. */
  DISCONNECTED,
  /** Gone, with its ephemeral znodes: a server said so. The session object is of no more use. */
  EXPIRED,
  /**
   * Without a server for good: one refused the credentials, or wants some. The ensemble ends the
   * session after its timeout. The session object is of no more use.
   */
  AUTH_FAILED,
  /** Closed by its owner, or with its runtime. The session object is of no more use. */
  CLOSED;

  /** Whether the session is over, so that no other state follows. */
  public boolean isFinal() {
    return this == EXPIRED || this == AUTH_FAILED || this == CLOSED;
  }
}
