package io.quoll.server.consensus;

/**
 * Tells a replica that has nothing to apply from one that does not come to apply what there is.
 * Looked at by one thread, read by any.
 */
final class ApplyProgress {
  private long appliedIndex = -1;
  private volatile long lastAliveNanos;

  /** Alive at {@code nowNanos}. */
  ApplyProgress(long nowNanos) {
    this.lastAliveNanos = nowNanos;
  }

  /**
   * Looks where the replica stands.
   *
   * @param paused whether a snapshot is taking the place of its state, so that nothing is applied
   */
  void look(long appliedIndex, long commitIndex, boolean paused, long nowNanos) {
    boolean stands = appliedIndex == this.appliedIndex && appliedIndex < commitIndex;
    this.appliedIndex = appliedIndex;
    if (!stands || paused) {
      lastAliveNanos = nowNanos;
    }
  }

  /**
   * When the replica was last looked at and had either applied something since the look before, or
   * had nothing to apply; by {@link System#nanoTime}.
   */
  long lastAliveNanos() {
    return lastAliveNanos;
  }
}
