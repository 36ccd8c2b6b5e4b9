package io.quoll.server.coordination;

/** What a watch looks at, and for how long: one row of the table of watches is of one mode. */
public enum WatchMode {
  /** The znode and whether there is one, until its first event. (ZooKeeper: data and exists.) */
  DATA,
  /** The list of children and whether the znode is deleted, until its first event. */
  CHILDREN,
  /** The znode and its list of children, until it is removed. */
  PERSISTENT,
  /** The znode and all below it, without lists of children, until it is removed. */
  RECURSIVE
}
