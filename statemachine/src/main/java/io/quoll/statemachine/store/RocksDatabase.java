package io.quoll.statemachine.store;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One opened RocksDB with its column families, and errors in this package's terms.
 *
 * <p>Thread-safe, but for {@link #close}: whoever uses it at a time of his own takes a lease, and
 * it is not closed before all leases are returned. RocksDB does not survive being used after that.
 */
final class RocksDatabase implements AutoCloseable {
  private static final int LEASES_MAX = Integer.MAX_VALUE;

  private final RocksDB database;
  private final ImmutableMap<RocksFamily, ColumnFamilyHandle> families;
  private final WriteOptions withoutLog = new WriteOptions().setDisableWAL(true);
  private final FlushOptions waiting = new FlushOptions().setWaitForFlush(true);
  private final Semaphore leases = new Semaphore(LEASES_MAX);
  private volatile boolean closed;

  private RocksDatabase(RocksDB database, List<ColumnFamilyHandle> families) {
    this.database = database;
    Iterator<ColumnFamilyHandle> handles = families.iterator(); // In the order of the descriptors.
    this.families = Maps.toMap(Arrays.asList(RocksFamily.values()), family -> handles.next());
  }

  /** Opens the database in {@code directory}, which is created if it is missing. */
  static RocksDatabase open(Path directory, RocksSettings settings) {
    return open(directory, settings, false);
  }

  /** Opens the database in {@code directory}, which must exist, for reading alone. */
  static RocksDatabase openReadOnly(Path directory, RocksSettings settings) {
    return open(directory, settings, true);
  }

  private static RocksDatabase open(Path directory, RocksSettings settings, boolean readOnly) {
    List<ColumnFamilyDescriptor> descriptors =
        Arrays.stream(RocksFamily.values())
            .map(family -> family.descriptor(settings.of(family)))
            .toList();
    List<ColumnFamilyHandle> families = new ArrayList<>();
    String path = directory.toString();
    try {
      RocksDB database =
          readOnly
              ? RocksDB.openReadOnly(settings.database(), path, descriptors, families)
              : RocksDB.open(settings.database(), path, descriptors, families);
      return new RocksDatabase(database, families);
    } catch (RocksDBException e) {
      throw isIoError(e) && !readOnly // A checkpoint that cannot be read is not one.
          ? failure("opening " + directory, e)
          : new StoreException("there is no usable store in %s: %s".formatted(directory, e), e);
    }
  }

  /** Fails where RocksDB would crash the process. */
  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  byte @Nullable [] get(RocksFamily family, ReadOptions options, byte[] key) {
    requireOpen();
    try {
      return database.get(handle(family), options, key);
    } catch (RocksDBException e) {
      throw readFailure(e);
    }
  }

  private static RuntimeException readFailure(RocksDBException e) {
    Status status = e.getStatus(); // Incomplete only where no more than memory was to be read.
    return status != null && status.getCode() == Status.Code.Incomplete
        ? new NotInMemoryException()
        : failure("reading", e);
  }

  /** An iterator over {@code family}, which the caller closes. */
  RocksIterator iterator(RocksFamily family, ReadOptions options) {
    return database.newIterator(handle(family), options);
  }

  /** Tells an iterator that came to an error from one that came to its end. */
  static void check(RocksIterator iterator) {
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw readFailure(e);
    }
  }

  ColumnFamilyHandle handle(RocksFamily family) {
    return requireNonNull(families.get(family));
  }

  /** Writes all of {@code batch} or nothing; durable after the next {@link #flush}. */
  void write(WriteBatch batch) {
    try {
      database.write(withoutLog, batch);
    } catch (RocksDBException e) {
      throw failure("writing", e);
    }
  }

  /** Makes all families durable as they stand, together, and waits for that. */
  void flush() {
    requireOpen();
    try {
      database.flush(waiting, families.values().asList());
    } catch (RocksDBException e) {
      throw failure("flushing", e);
    }
  }

  /** A property of RocksDB that is a number; 0 where it is not known. */
  long property(RocksFamily family, String name) {
    requireOpen();
    try {
      return database.getLongProperty(handle(family), name);
    } catch (RocksDBException unknown) {
      return 0;
    }
  }

  /** Puts a copy as of now into {@code directory}, which must not exist. */
  void checkpoint(Path directory) {
    requireOpen();
    try (Checkpoint checkpoint = Checkpoint.create(database)) {
      checkpoint.createCheckpoint(directory.toString());
    } catch (RocksDBException e) {
      throw failure("writing the checkpoint " + directory, e);
    }
  }

  /** Reads all of every file and compares it with its checksums. */
  void verifyChecksums() {
    try {
      database.verifyChecksum();
      readData();
    } catch (RocksDBException e) {
      throw new StoreException("the store is damaged: " + e, e);
    }
  }

  // RocksDB looks at the checksums in blob files only where it reads what they belong to.
  private void readData() throws RocksDBException {
    try (ReadOptions options = new ReadOptions().setFillCache(false);
        RocksIterator iterator = iterator(RocksFamily.DATA, options)) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {}
      iterator.status();
    }
  }

  Snapshot snapshot() {
    return database.getSnapshot();
  }

  void release(Snapshot snapshot) {
    database.releaseSnapshot(snapshot);
  }

  /** Keeps the database open until {@link #returnLease}; false if it is about to be closed. */
  boolean tryLease() {
    return leases.tryAcquire();
  }

  void returnLease() {
    leases.release();
  }

  /**
   * Takes all leases, so that the database can be closed.
   *
   * @throws StoreException if some are not returned within {@code limit}; all is as it was then
   */
  void awaitLeases(Duration limit) {
    try {
      if (!leases.tryAcquire(LEASES_MAX, limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreException("views of the store are still open after " + limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while views of the store are open", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    families.values().forEach(ColumnFamilyHandle::close);
    database.close();
    withoutLog.close();
    waiting.close();
  }

  private static boolean isIoError(RocksDBException e) {
    Status status = e.getStatus();
    return status != null && status.getCode() == Status.Code.IOError;
  }

  static UncheckedIOException failure(String doing, RocksDBException e) {
    return new UncheckedIOException(
        "RocksDB failed while %s: %s".formatted(doing, e.getMessage()), new IOException(e));
  }
}
