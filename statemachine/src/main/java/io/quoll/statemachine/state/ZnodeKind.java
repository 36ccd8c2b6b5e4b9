package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;

/** How long a znode lasts when nobody deletes it. */
@Immutable
public sealed interface ZnodeKind {
  /** The longest time to live, in milliseconds: ZooKeeper's 40 bits, about 34 years. */
  long TTL_MILLIS_MAX = 0xFFFFFFFFFFL;

  /** The kind of most znodes. */
  ZnodeKind PERSISTENT = new Persistent();

  /** The kind of containers. */
  ZnodeKind CONTAINER = new Container();

  /** Lasts until it is deleted. */
  record Persistent() implements ZnodeKind {}

  /**
   * Lasts as long as a session, and can have no children.
   *
   * @param sessionId the session that owns it
   */
  record Ephemeral(long sessionId) implements ZnodeKind {}

  /** Lasts until it has lost its last child. */
  record Container() implements ZnodeKind {}

  /**
   * Lasts until it has no children and its data was not set for a while.
   *
   * @param millis the while, from 1 to {@link #TTL_MILLIS_MAX}
   */
  record TimeToLive(long millis) implements ZnodeKind {}
}
