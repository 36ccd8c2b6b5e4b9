package io.quoll.server.coordination;

/** Whom watches tell: one attachment of a session. Compared by identity. */
public interface Watcher {
  /**
   * Tells of an event. Called by the apply thread before readers see the change, or by whoever sets
   * a watch that is due already; one call at a time for each watcher. Queues and returns at once.
   */
  void onEvent(WatchEvent event);
}
