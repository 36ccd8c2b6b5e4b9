package io.quoll.client;

import com.google.common.collect.ImmutableList;

/**
 * Is told what a {@link TreeWatch} sees.
 *
 * <p>All calls come from one of the runtime's handler threads, one at a time and in order, so a
 * listener need not be thread-safe, and it may wait: the server keeps what comes next until then.
 */
@FunctionalInterface
public interface WatchListener {
  /**
   * The watch begins after this zxid. Told again only if the connection was lost within the initial
   * state, which then begins anew: what was told of it is void.
   */
  default void onStarted(long zxid) {}

  /**
   * A part of the initial state, znodes before their children. A last part without any znode before
   * it means that there is no such znode.
   *
   * @param last whether the state is complete with this
   */
  default void onState(ImmutableList<WatchedZnode> znodes, boolean last) {}

  /**
   * All events of one zxid, in the order in which they happened. Each is told once, those of a
   * higher zxid after those of a lower.
   *
   * @param timeMillis when it happened, in milliseconds since 1970
   */
  void onEvents(long zxid, long timeMillis, ImmutableList<WatchEvent> events);

  /** All events up to this zxid were told. */
  default void onBookmark(long zxid) {}

  /** The stream was lost, for this reason. The watch goes on elsewhere without a gap. */
  default void onInterrupted(QuollException reason) {}

  /** The end: the history lost the next events, up to this zxid. Read the state anew. */
  default void onTrimmed(long throughZxid) {}

  /** The end: the watch was refused in a way that no other server would mend, or was closed. */
  default void onEnded(QuollException reason) {}
}
