package io.quoll.cli.bench;

/** The ensemble under load. Thread-safe. */
public interface LoadTarget {
  /**
   * Begins to open a session.
   *
   * @param number counts the sessions from 0; they take the servers in turn, each one server
   * @param value the data of all znodes that the session writes
   */
  LoadSession open(int number, byte[] value);

  /** As {@link #open}, with a session that goes to another server when it loses its own. */
  LoadSession openRoaming(int number, byte[] value);
}
