package io.quoll.statemachine.store;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WriteBufferManager;

/** All settings of RocksDB, each with its reason; native memory, until it is closed. */
final class RocksSettings implements AutoCloseable {
  static {
    NativeLibrary.load(); // The options below are native, and made before any database.
  }

  private static final double BLOOM_BITS_PER_KEY = 10;
  private static final long INFO_LOG_BYTES = 1L << 20;
  private static final long MANIFEST_BYTES_MAX = 16L << 20;

  /** Shorter data is copied with its row, which costs less than a file to look into. */
  private static final long BLOB_BYTES_MIN = 4 * 1024;

  /** Which part of the oldest blob files may be garbage before they are written anew. */
  private static final double BLOB_GARBAGE_MAX = 0.5;

  private static final long BYTES_PER_SYNC = 1L << 20;

  private final RocksStatistics statistics = new RocksStatistics();
  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private final BloomFilter bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY);
  private final ColumnFamilyOptions family;
  private final ColumnFamilyOptions dataFamily;
  private final DBOptions database;

  RocksSettings(RocksConfig config) {
    cache = new LRUCache(config.blockCacheBytes());
    writeBuffers = new WriteBufferManager(config.writeBufferBytes(), cache);
    family = familyOptions(config.writeBufferBytes());
    dataFamily = withBlobFiles(new ColumnFamilyOptions(family));
    database = databaseOptions();
  }

  private ColumnFamilyOptions familyOptions(long writeBufferBytes) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(bloomFilter) // Creates look up what is not there.
            .setCacheIndexAndFilterBlocks(true) // Else they take memory beside the cache.
            .setPinL0FilterAndIndexBlocksInCache(true);
    return new ColumnFamilyOptions()
        .setTableFormatConfig(table)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setWriteBufferSize(writeBufferBytes);
  }

  /** Compactions then copy where long data is, and not the data. (ADR 0032.) */
  private static ColumnFamilyOptions withBlobFiles(ColumnFamilyOptions options) {
    return options
        .setEnableBlobFiles(true)
        .setMinBlobSize(BLOB_BYTES_MIN)
        .setBlobCompressionType(CompressionType.LZ4_COMPRESSION)
        .setEnableBlobGarbageCollection(true)
        .setBlobGarbageCollectionForceThreshold(BLOB_GARBAGE_MAX);
  }

  private DBOptions databaseOptions() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setAtomicFlush(true) // Without a log of its own, the families must not part.
        .setAvoidFlushDuringShutdown(true) // Closing is fast; the Raft log has what is not flushed.
        .setWriteBufferManager(writeBuffers)
        .setStatistics(statistics.counting())
        .setMaxBackgroundJobs(2)
        .setMaxOpenFiles(-1)
        .setBytesPerSync(
            BYTES_PER_SYNC) // Spreads the cost of a flush, so that p99 does not show it.
        .setMaxManifestFileSize(MANIFEST_BYTES_MAX)
        .setSkipStatsUpdateOnDbOpen(true) // A restart does not read every file.
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES)
        .setKeepLogFileNum(2);
  }

  ColumnFamilyOptions of(RocksFamily which) {
    return which == RocksFamily.DATA ? dataFamily : family;
  }

  DBOptions database() {
    return database;
  }

  RocksStatistics statistics() {
    return statistics;
  }

  @Override
  public void close() {
    database.close();
    dataFamily.close();
    family.close();
    writeBuffers.close();
    bloomFilter.close();
    cache.close();
    statistics.close();
  }
}
