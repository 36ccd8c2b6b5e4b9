package io.quoll.statemachine.store;

/**
 * How much memory a {@link RocksStore} takes, about, and how much history it keeps.
 *
 * @param blockCacheBytes what was read lately, indexes, filters and the write buffers, together
 * @param writeBufferBytes how much of that may be written before it goes to disk
 * @param history how far back the events are kept
 */
public record RocksConfig(long blockCacheBytes, long writeBufferBytes, HistoryLimits history) {
  /** Enough for a small tree, and for a large one of which little is hot. */
  public static final RocksConfig DEFAULT =
      new RocksConfig(64L << 20, 32L << 20, HistoryLimits.DEFAULT);
}
