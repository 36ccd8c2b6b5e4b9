package io.quoll.integration.oracle;

import com.google.errorprone.annotations.Immutable;

/** A step of a trial, by one of its sessions. */
@Immutable
sealed interface Step {
  /** How many sessions a trial has. The last of them lives below a chroot. */
  int SESSIONS = 3;

  /** Which session, from 0. */
  int session();

  /** The session asks for something, and waits for the answer. */
  record Request(int session, Operation operation) implements Step {}

  /** The session is closed, and another takes its place. */
  record Reopen(int session) implements Step {}

  /**
   * The session vanishes, and another takes its place once it has expired. Only {@link #MORTAL} has
   * a timeout that is short enough to wait for.
   */
  record Expire() implements Step {
    /** The session that may vanish. */
    static final int MORTAL = 1;

    @Override
    public int session() {
      return MORTAL;
    }
  }
}
