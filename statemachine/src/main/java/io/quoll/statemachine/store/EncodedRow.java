package io.quoll.statemachine.store;

import com.google.common.hash.Hashing;
import io.quoll.statemachine.codec.ZnodeCodec;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.Znode;
import org.jspecify.annotations.Nullable;

/**
 * A row of a transaction in the bytes that stores keep, and what it does to the {@link TreeDigest}.
 * Every store takes the digest from here, so that they agree.
 */
final class EncodedRow {
  private final Row row;
  private final byte[] key;
  private final byte @Nullable [] znode;
  private final long digestChange;

  private EncodedRow(Row row) {
    this.row = row;
    Znode after = row.after();
    Znode before = row.before();
    key = RocksKeys.znode(row.path());
    znode = after == null ? null : ZnodeCodec.encode(after);
    digestChange =
        (znode == null ? 0 : fingerprint(key, znode))
            - (before == null ? 0 : fingerprint(key, ZnodeCodec.encode(before)));
  }

  static EncodedRow of(Row row) {
    return new EncodedRow(row);
  }

  /** What one znode adds to the digest of a tree. */
  static long fingerprint(byte[] key, byte[] znode) {
    return Hashing.farmHashFingerprint64()
        .newHasher(key.length + znode.length)
        .putBytes(key)
        .putBytes(znode)
        .hash()
        .asLong();
  }

  byte[] key() {
    return key;
  }

  /** The znode that stands there now, or null if there is none any more. */
  byte @Nullable [] znode() {
    return znode;
  }

  /** What is to be added to the digest. */
  long digestChange() {
    return digestChange;
  }

  /** Whether there was a znode before. */
  boolean existed() {
    return row.before() != null;
  }
}
