package io.quoll.client;

/** What kind of znode to create. */
public enum CreateMode {
  /** Stays until it is deleted. */
  PERSISTENT,
  /** As persistent, and a number of ten digits or more is appended to the path. */
  PERSISTENT_SEQUENTIAL
}
