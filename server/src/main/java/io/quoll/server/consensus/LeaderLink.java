package io.quoll.server.consensus;

/**
 * A way for this replica's batches to one leader. Once it is broken it stays so: what was sent on
 * it may be lost, and is sent again on another.
 *
 * <p>Sending is for one thread at a time; the rest is thread-safe.
 */
interface LeaderLink {
  /** Opens links. */
  interface Opener {
    /** Opens a link to {@code leaderId}; {@code onBroken} is called when it ends, by any thread. */
    LeaderLink open(int leaderId, Runnable onBroken);
  }

  /** The leader that this link goes to. */
  int leaderId();

  /** Whether the link has ended. */
  boolean isBroken();

  /** Sends a batch; what is sent on a broken link is lost. */
  void send(byte[] batch);

  /** Ends the link. */
  void close();
}
