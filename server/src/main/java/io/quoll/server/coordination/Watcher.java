package io.quoll.server.coordination;

/** Whom watches tell: one attachment of a session. Compared by identity. */
public interface Watcher {
  /**
   * Tells of an event. Called by the apply thread before readers see the change, or by whoever sets
   * a watch that is due already; one call at a time for each watcher. Queues and returns at once.
   */
  void onEvent(WatchEvent event);

  /**
   * The replica took over a snapshot, and what happened before it is not known any more: persistent
   * and recursive watches may have missed events up to {@code throughZxid}. Called as {@link
   * #onEvent} is. Whoever promised a client all events ends its stream, so that it sets its watches
   * again and is told of the gap then.
   */
  default void onGap(long throughZxid) {}
}
