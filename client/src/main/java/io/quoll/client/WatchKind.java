package io.quoll.client;

/** Kinds of watches, to remove or to ask for. */
public enum WatchKind {
  /** Those that {@code children} left. */
  CHILDREN,
  /** Those that {@code data} and {@code exists} left. */
  DATA,
  /** All of them. */
  ANY,
  /** Those added as {@link WatchMode#PERSISTENT}. */
  PERSISTENT,
  /** Those added as {@link WatchMode#PERSISTENT_RECURSIVE}. */
  PERSISTENT_RECURSIVE
}
