package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;

/** The stream by which a session is attached at this replica. */
public interface SessionHolder {
  /**
   * The session is attached here no longer. Called once at most, by any thread, the apply thread
   * among them: hands the work on and returns at once. May come at the very moment at which the
   * future of the attachment completes, and then be seen before it.
   *
   * @param reason what the client is told: a {@link io.quoll.statemachine.state.Rejection} with
   *     {@code SESSION_EXPIRED} or {@code SESSION_MOVED}, or an {@link UnavailableException}
   */
  void onEnd(RuntimeException reason);

  /** How many watches the stream has. */
  default int watches() {
    return 0;
  }

  /** The paths that the stream watches, at most {@code limit} of them. */
  default ImmutableList<String> watchedPaths(int limit) {
    return ImmutableList.of();
  }

  /** Where the client is, as {@code host:port}; empty if that is not known. */
  default String clientAddress() {
    return "";
  }
}
