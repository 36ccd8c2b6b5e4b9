package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableMap;
import java.util.EnumSet;
import org.rocksdb.HistogramType;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

/**
 * What RocksDB counts and keeps an account of, under the names of this project. Thread-safe as long
 * as the database is open.
 */
final class RocksStatistics implements AutoCloseable {
  // Summed up over the families.
  private static final ImmutableMap<String, String> PROPERTIES =
      ImmutableMap.<String, String>builder()
          .put("memtable_bytes", "rocksdb.cur-size-all-mem-tables")
          .put("memtables_immutable", "rocksdb.num-immutable-mem-table")
          .put("file_bytes", "rocksdb.total-sst-files-size")
          .put("file_bytes_live", "rocksdb.live-sst-files-size")
          .put("compaction_pending_bytes", "rocksdb.estimate-pending-compaction-bytes")
          .put("table_reader_bytes", "rocksdb.estimate-table-readers-mem")
          .build();

  // Of the whole database, whichever family is asked.
  private static final ImmutableMap<String, String> PROPERTIES_OF_ALL =
      ImmutableMap.<String, String>builder()
          .put("block_cache_bytes", "rocksdb.block-cache-usage")
          .put("block_cache_pinned_bytes", "rocksdb.block-cache-pinned-usage")
          .put("block_cache_capacity_bytes", "rocksdb.block-cache-capacity")
          .put("compactions_running", "rocksdb.num-running-compactions")
          .put("flushes_running", "rocksdb.num-running-flushes")
          .put("snapshots", "rocksdb.num-snapshots")
          .put("background_errors", "rocksdb.background-errors")
          .put("write_stopped", "rocksdb.is-write-stopped")
          .put("write_delayed_bytes_per_second", "rocksdb.actual-delayed-write-rate")
          .build();

  private static final ImmutableMap<String, TickerType> TICKERS =
      ImmutableMap.<String, TickerType>builder()
          .put("block_cache_hits", TickerType.BLOCK_CACHE_HIT)
          .put("block_cache_misses", TickerType.BLOCK_CACHE_MISS)
          .put("memtable_hits", TickerType.MEMTABLE_HIT)
          .put("memtable_misses", TickerType.MEMTABLE_MISS)
          .put("bytes_written", TickerType.BYTES_WRITTEN)
          .put("bytes_read", TickerType.BYTES_READ)
          .put("flush_bytes_written", TickerType.FLUSH_WRITE_BYTES)
          .put("compaction_bytes_written", TickerType.COMPACT_WRITE_BYTES)
          .put("compaction_bytes_read", TickerType.COMPACT_READ_BYTES)
          .put("stall_micros", TickerType.STALL_MICROS)
          .build();

  private static final String LEVEL_0_FILES = "rocksdb.num-files-at-level0";

  // Without histograms RocksDB does not ask for the time at each read and write.
  private final Statistics statistics = new Statistics(EnumSet.allOf(HistogramType.class));

  /** What counts, for the options of the database. */
  Statistics counting() {
    return statistics;
  }

  /** The values of {@code database} that go up and down. */
  static ImmutableMap<String, Long> gauges(RocksDatabase database) {
    ImmutableMap.Builder<String, Long> gauges = ImmutableMap.builder();
    PROPERTIES.forEach((name, property) -> gauges.put(name, sum(database, property)));
    PROPERTIES_OF_ALL.forEach(
        (name, property) -> gauges.put(name, database.property(RocksFamily.ZNODES, property)));
    gauges.put("files_level_0", sum(database, LEVEL_0_FILES));
    gauges.put(
        "znodes_estimated", database.property(RocksFamily.ZNODES, "rocksdb.estimate-num-keys"));
    return gauges.buildOrThrow();
  }

  private static long sum(RocksDatabase database, String property) {
    long sum = 0;
    for (RocksFamily family : RocksFamily.values()) {
      sum += database.property(family, property);
    }
    return sum;
  }

  /** What was counted since the store was opened. */
  ImmutableMap<String, Long> counters() {
    ImmutableMap.Builder<String, Long> counters = ImmutableMap.builder();
    TICKERS.forEach((name, ticker) -> counters.put(name, statistics.getTickerCount(ticker)));
    return counters.buildOrThrow();
  }

  @Override
  public void close() {
    statistics.close();
  }
}
