package io.quoll.client;

/** What happened to a znode. */
public enum EventType {
  /** The znode was created. */
  NODE_CREATED,
  /** The znode was deleted. */
  NODE_DELETED,
  /** The znode has other data. */
  NODE_DATA_CHANGED,
  /** A child of the znode was created or deleted. */
  NODE_CHILDREN_CHANGED
}
