package io.quoll.server.coordination;

import io.quoll.statemachine.state.Identities;

/** Whom watches tell: one attachment of a session. Compared by identity. */
public interface Watcher {
  /** Who the watcher has proved to be: it is told only of what it may read. */
  Identities identities();

  /**
   * Tells of an event. Called by the apply thread before readers see the change; one call at a time
   * for each watcher. Queues and returns at once.
   */
  void onEvent(WatchEvent event);

  /**
   * Tells of an event that happened before the watches were set that are being set now, and that
   * concerns no others; by {@link #onEvent} unless the watcher tells them apart. Called as that is.
   */
  default void onMissed(WatchEvent event) {
    onEvent(event);
  }

  /**
   * Readers see the changes of which it was told: only now may the client hear of them, for what it
   * reads then must not be older. Called by the apply thread. Returns at once.
   */
  default void onPublished() {}

  /**
   * The watches that are being set are set: from now on {@link #onEvent} tells of them too. Called
   * as {@link #onEvent} is.
   */
  default void onSet() {}

  /**
   * The replica took over a snapshot, and what happened before it is not known any more: persistent
   * and recursive watches may have missed events up to {@code throughZxid}. Called as {@link
   * #onEvent} is. Whoever promised a client all events ends its stream, so that it sets its watches
   * again and is told of the gap then.
   */
  default void onGap(long throughZxid) {}
}
