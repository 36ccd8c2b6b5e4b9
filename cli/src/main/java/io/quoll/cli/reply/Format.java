package io.quoll.cli.reply;

/** How replies are printed. */
public enum Format {
  /** As ZooKeeper's shell prints them. */
  TEXT,
  /** One JSON document a line, for each command one. */
  JSON
}
