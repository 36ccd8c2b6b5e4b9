package io.quoll.statemachine.store;

import java.util.concurrent.atomic.AtomicInteger;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.Snapshot;

/**
 * One snapshot of RocksDB, shared by the store, while it is the published one, and by the views on
 * it; released by whoever is last. Thread-safe.
 */
final class RocksSnapshot {
  private final RocksDatabase database;
  private final Snapshot snapshot;
  private final ReadOptions options;
  private final ReadOptions cachedOnly;
  private final RocksTree tree;
  private final RocksTree inMemory;
  private final StoreHead head;
  private final AtomicInteger holders = new AtomicInteger(1);

  /** The state as it stands now; whoever takes it holds it. */
  RocksSnapshot(RocksDatabase database, StoreHead head, HotZnodes hot) {
    if (!database.tryLease()) {
      throw new IllegalStateException("the store is closed");
    }
    this.database = database;
    this.head = head;
    snapshot = database.snapshot();
    options = new ReadOptions().setSnapshot(snapshot);
    cachedOnly = new ReadOptions(options).setReadTier(ReadTier.BLOCK_CACHE_TIER);
    tree = new RocksTree(database, options, () -> head, hot);
    inMemory = new RocksTree(database, cachedOnly, () -> head, hot);
  }

  RocksTree tree() {
    return tree;
  }

  /** The same state as far as memtables and the block cache hold it. */
  RocksTree inMemory() {
    return inMemory;
  }

  StoreHead head() {
    return head;
  }

  /** Adds a holder; false if the last one has left. */
  boolean hold() {
    int count = holders.get();
    while (count > 0 && !holders.compareAndSet(count, count + 1)) {
      count = holders.get();
    }
    return count > 0;
  }

  /** Takes a holder away, and with the last one the snapshot. */
  void letGo() {
    if (holders.decrementAndGet() > 0) {
      return;
    }
    cachedOnly.close();
    options.close();
    database.release(snapshot);
    snapshot.close();
    database.returnLease();
  }
}
