package io.quoll.statemachine.store;

/**
 * How much memory a {@link RocksStore} takes, about, and how much history it keeps.
 *
 * @param blockCacheBytes what was read lately, indexes, filters and the write buffers, together
 * @param writeBufferBytes how much of that may be written before it goes to disk
 * @param hotZnodeBytes how much of the Java heap the znodes take that were read or written lately
 * @param history how far back the events are kept
 */
public record RocksConfig(
    long blockCacheBytes, long writeBufferBytes, long hotZnodeBytes, HistoryLimits history) {
  private static final long HOT_BYTES_MAX = 64L << 20;

  /** Which part of the heap the hot znodes may take at most. */
  private static final int HOT_HEAP_PARTS = 8;

  /** Enough for a small tree, and for a large one of which little is hot. */
  public static final RocksConfig DEFAULT =
      new RocksConfig(
          64L << 20,
          32L << 20,
          Math.min(HOT_BYTES_MAX, Runtime.getRuntime().maxMemory() / HOT_HEAP_PARTS),
          HistoryLimits.DEFAULT);

  /** This configuration with another length of history. */
  public RocksConfig withHistory(HistoryLimits other) {
    return new RocksConfig(blockCacheBytes, writeBufferBytes, hotZnodeBytes, other);
  }
}
