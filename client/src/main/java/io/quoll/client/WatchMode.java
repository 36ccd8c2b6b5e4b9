package io.quoll.client;

/** How far a watch reaches that stays until it is removed. */
public enum WatchMode {
  /** The znode itself, its data and its list of children. */
  PERSISTENT,
  /** The znode and all below it, but never lists of children. */
  PERSISTENT_RECURSIVE
}
