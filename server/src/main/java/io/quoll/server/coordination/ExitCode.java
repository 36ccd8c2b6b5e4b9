package io.quoll.server.coordination;

/** Why the process of a node ends; the number is its exit status. (docs: conf/quoll.cfg.) */
public enum ExitCode {
  /** It was asked to stop, and stopped in order. */
  STOPPED(0),
  /** An error that has no number of its own. */
  UNEXPECTED(1),
  /** The command line or the configuration is wrong; a restart does not help. */
  BAD_CONFIGURATION(2),
  /** The data directory is not this node's, or not whole; a restart does not help. */
  BAD_DATA_DIRECTORY(3),
  /** A port is taken by somebody else. */
  PORT_IN_USE(4),
  /** The ensemble has removed this server; a restart does not help. */
  REMOVED(5),
  /** The disk is full or fails; the node comes back once there is room. */
  STORAGE_FAILED(10),
  /** The replica met what must not happen, and stops rather than differ from the others. */
  REPLICA_FAILED(11),
  /** The server was a voter and became an observer, as which it has to start anew. */
  DEMOTED(12);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The exit status of the process. */
  public int number() {
    return number;
  }
}
