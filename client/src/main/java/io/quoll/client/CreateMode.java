package io.quoll.client;

/** What kind of znode to create. */
public enum CreateMode {
  /** Stays until it is deleted. */
  PERSISTENT(false, false),
  /** As persistent, and a number of ten digits or more is appended to the path. */
  PERSISTENT_SEQUENTIAL(true, false),
  /** Lasts as long as the session that creates it, and can have no children. */
  EPHEMERAL(false, false),
  /** As ephemeral, with a number appended. */
  EPHEMERAL_SEQUENTIAL(true, false),
  /** Is deleted by the ensemble some time after it has lost its last child. */
  CONTAINER(false, false),
  /** Is deleted by the ensemble once it had no children and no new data for its time to live. */
  PERSISTENT_WITH_TTL(false, true),
  /** As persistent with a time to live, with a number appended. */
  PERSISTENT_SEQUENTIAL_WITH_TTL(true, true);

  private final boolean sequential;
  private final boolean ttl;

  CreateMode(boolean sequential, boolean ttl) {
    this.sequential = sequential;
    this.ttl = ttl;
  }

  /** Whether a number is appended to the path. */
  public boolean isSequential() {
    return sequential;
  }

  /** Whether the znode needs a time to live. */
  public boolean hasTtl() {
    return ttl;
  }
}
