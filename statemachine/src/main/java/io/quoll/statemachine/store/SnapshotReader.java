package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.RocksFamily.DATA;
import static io.quoll.statemachine.store.RocksFamily.DEFAULT;
import static io.quoll.statemachine.store.RocksFamily.ZNODES;

import com.google.common.collect.AbstractIterator;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.ZnodeCodec;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;

/**
 * Reads the znodes of a snapshot one after the other, in memory that does not depend on how many
 * there are. The snapshot stays as it is.
 *
 * <p>Confined to one thread.
 */
public final class SnapshotReader implements AutoCloseable {
  private static final RocksConfig SMALL =
      new RocksConfig(8L << 20, 1L << 20, 0, HistoryLimits.DEFAULT);
  private static final int READ_AHEAD_BYTES = 1 << 20;

  private final RocksSettings settings;
  private final RocksDatabase database;
  private final ReadOptions options;
  private final StoreHead head;
  private final List<RocksIterator> open = new ArrayList<>();

  /** A znode with its data, which may be null. */
  public record StoredZnode(ZnodePath path, Znode znode, @Nullable ByteString data) {}

  private SnapshotReader(
      RocksSettings settings, RocksDatabase database, ReadOptions options, StoreHead head) {
    this.settings = settings;
    this.database = database;
    this.options = options;
    this.head = head;
  }

  /**
   * Opens the snapshot in {@code directory}.
   *
   * @throws StoreException if there is none, or none of this format
   */
  public static SnapshotReader open(Path directory) {
    RocksSettings settings = new RocksSettings(SMALL);
    try {
      RocksDatabase database = RocksDatabase.openReadOnly(directory, settings);
      ReadOptions options =
          new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES);
      byte[] head = database.get(DEFAULT, options, RocksKeys.head());
      if (head == null) {
        options.close();
        database.close();
        throw new StoreException("the snapshot in " + directory + " is not whole: it has no head");
      }
      return new SnapshotReader(settings, database, options, StoreHead.decode(head));
    } catch (RuntimeException e) {
      settings.close();
      throw e;
    }
  }

  /** Where the snapshot stands. */
  public StoreHead head() {
    return head;
  }

  /**
   * All znodes, in the order of their paths; to be used up before this reader is closed. A damaged
   * block, of which RocksDB has a checksum, fails with an {@link java.io.UncheckedIOException}.
   */
  public Iterator<StoredZnode> znodes() {
    RocksIterator rows = iterator(ZNODES);
    RocksIterator apart = iterator(DATA);
    return new AbstractIterator<>() {
      @Override
      protected @Nullable StoredZnode computeNext() {
        if (!rows.isValid()) {
          RocksDatabase.check(rows);
          return endOfData();
        }
        byte[] key = rows.key();
        ZnodeCodec.Kept kept = ZnodeCodec.decodeKept(rows.value());
        rows.next();
        ByteString data = RocksTree.isApart(kept.znode()) ? dataApart(apart, key) : kept.data();
        return new StoredZnode(RocksKeys.path(key), kept.znode(), data);
      }
    };
  }

  private RocksIterator iterator(RocksFamily family) {
    RocksIterator iterator = database.iterator(family, options);
    open.add(iterator);
    iterator.seekToFirst();
    return iterator;
  }

  // Both families have their keys in one order, and only znodes with data apart have a row there.
  private static ByteString dataApart(RocksIterator apart, byte[] key) {
    if (!apart.isValid() || !Arrays.equals(apart.key(), key)) {
      RocksDatabase.check(apart);
      throw new StoreException(
          "the snapshot is damaged: data of " + RocksKeys.path(key) + " is missing");
    }
    ByteString data = ByteString.copyFrom(apart.value());
    apart.next();
    return data;
  }

  @Override
  public void close() {
    open.forEach(RocksIterator::close);
    options.close();
    database.close();
    settings.close();
  }
}
