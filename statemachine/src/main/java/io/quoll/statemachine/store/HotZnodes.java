package io.quoll.statemachine.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The znodes that were read or written lately, decoded: a read of one that is here needs neither
 * RocksDB nor a copy. What is here is what the last commit left, and each entry knows since which
 * zxid it is so; a view of an earlier zxid does not find it.
 *
 * <p>Thread-safe. {@link #committed} belongs to the apply thread, which calls it before anybody can
 * have a view on the commit.
 */
final class HotZnodes {
  /** Data that is longer is not kept, so that a few large znodes do not drive out many small. */
  static final int DATA_BYTES_MAX = 16 * 1024;

  /** What an entry is taken to weigh beside its path and its data. */
  private static final int ENTRY_BYTES = 320;

  /** What an entry of an ACL is taken to weigh beside its strings. */
  private static final int ACL_ENTRY_BYTES = 64;

  private static final int STRIPES = 1 << 12;

  private final Cache<ZnodePath, Hot> znodes;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  // By hash of the path: the zxid of the last change of one of its znodes.
  private final AtomicLongArray changed = new AtomicLongArray(STRIPES);

  /**
   * A znode that is as it is since {@code sinceZxid} or before.
   *
   * @param data its data, if {@code dataKnown}
   */
  record Hot(Znode znode, @Nullable ByteString data, boolean dataKnown, long sinceZxid) {
    int bytes() {
      return ENTRY_BYTES + aclBytes() + (data == null ? 0 : data.size());
    }

    private int aclBytes() {
      int bytes = 0;
      for (Acl.Entry entry : znode.acl().entries()) {
        bytes += ACL_ENTRY_BYTES + entry.scheme().length() + entry.id().length();
      }
      return bytes;
    }
  }

  /** Keeps about {@code bytesMax} bytes. */
  HotZnodes(long bytesMax) {
    znodes =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((ZnodePath path, Hot hot) -> hot.bytes() + path.value().length())
            .executor(Runnable::run)
            .build();
  }

  /** The znode at {@code path} as of {@code zxid}, the zxid of a view; null if it is not here. */
  @Nullable Hot find(ZnodePath path, long zxid) {
    Hot hot = znodes.getIfPresent(path);
    if (hot == null || hot.sinceZxid > zxid) {
      misses.increment();
      return null;
    }
    hits.increment();
    return hot;
  }

  /** How often znodes were found here, and how many there are. */
  StoreFigures.Hot figures() {
    return new StoreFigures.Hot(hits.sum(), misses.sum(), znodes.estimatedSize());
  }

  /** Keeps a znode that was read from a view of {@code zxid}, unless it changed since. */
  void read(ZnodePath path, Znode znode, long zxid) {
    Hot unused =
        znodes
            .asMap()
            .compute(
                path,
                (key, present) ->
                    present != null || isChangedSince(key, zxid)
                        ? present
                        : new Hot(znode, null, false, zxid));
  }

  /** Keeps the data of a znode that is here, read from a view of {@code zxid} as {@link #read}. */
  void readData(ZnodePath path, @Nullable ByteString data, long zxid) {
    if (data != null && data.size() > DATA_BYTES_MAX) {
      return;
    }
    Hot unused =
        znodes
            .asMap()
            .computeIfPresent(
                path,
                (key, present) ->
                    present.dataKnown || isChangedSince(key, zxid)
                        ? present
                        : new Hot(present.znode, data, true, Math.max(present.sinceZxid, zxid)));
  }

  // Asked while the entry is locked: the apply thread, which notes a change before it comes to the
  // entry, finds what is put there.
  private boolean isChangedSince(ZnodePath path, long zxid) {
    return changed.get(stripe(path)) > zxid;
  }

  private static int stripe(ZnodePath path) {
    int hash = path.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }

  /** Takes over what the commit of {@code zxid} left. */
  void committed(List<Row> rows, long zxid) {
    for (Row row : rows) {
      changed.set(stripe(row.path()), zxid);
      Znode after = row.after();
      if (after == null) {
        znodes.invalidate(row.path());
      } else {
        znodes.put(row.path(), written(row, after, zxid));
      }
    }
  }

  private Hot written(Row row, Znode after, long zxid) {
    if (row.dataWritten()) {
      ByteString data = row.data();
      boolean keeps = data == null || data.size() <= DATA_BYTES_MAX;
      return new Hot(after, keeps ? data : null, keeps, zxid);
    }
    Hot before = znodes.policy().getIfPresentQuietly(row.path());
    return before == null
        ? new Hot(after, null, false, zxid)
        : new Hot(after, before.data, before.dataKnown, zxid);
  }
}
