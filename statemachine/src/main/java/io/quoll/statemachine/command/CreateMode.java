package io.quoll.statemachine.command;

/** How a znode is created: ZooKeeper's modes, all of them. A container is never sequential. */
public enum CreateMode {
  /** Lasts until it is deleted. */
  PERSISTENT,
  /** The same, with a number appended to its name. */
  PERSISTENT_SEQUENTIAL,
  /** Lasts as long as the session that creates it. */
  EPHEMERAL,
  /** The same, with a number appended to its name. */
  EPHEMERAL_SEQUENTIAL,
  /** Is deleted by the service some time after its last child is. */
  CONTAINER,
  /** Is deleted by the service when it had no children and no new data for a time. */
  PERSISTENT_WITH_TTL,
  /** The same, with a number appended to its name. */
  PERSISTENT_SEQUENTIAL_WITH_TTL;

  /** Whether a number is appended to the name. */
  public boolean isSequential() {
    return this == PERSISTENT_SEQUENTIAL
        || this == EPHEMERAL_SEQUENTIAL
        || this == PERSISTENT_SEQUENTIAL_WITH_TTL;
  }

  /** Whether the znode belongs to a session. */
  public boolean isEphemeral() {
    return this == EPHEMERAL || this == EPHEMERAL_SEQUENTIAL;
  }

  /** Whether the znode has a time to live. */
  public boolean hasTimeToLive() {
    return this == PERSISTENT_WITH_TTL || this == PERSISTENT_SEQUENTIAL_WITH_TTL;
  }
}
