package io.quoll.statemachine.store;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.StateTransaction;
import java.nio.ByteBuffer;

/**
 * Where a store stands. One row of it, written with every commit, so that state and position cannot
 * part.
 *
 * <p>Layout of the row: the format version in four bytes, then term, index, zxid, time and digest
 * in eight each, the highest first.
 *
 * @param position the position of the last commit
 * @param zxid the last zxid
 * @param timeMillis the time of the last transaction, in milliseconds since 1970
 * @param digest the digest of the tree
 */
@Immutable
public record StoreHead(Position position, long zxid, long timeMillis, long digest) {
  /** The version of everything that a store writes. */
  static final int FORMAT_VERSION = 2;

  private static final int BYTES = Integer.BYTES + 5 * Long.BYTES;

  /** The head of the fresh tree. */
  static StoreHead genesis() {
    long digest = 0;
    for (Row row : Genesis.rows()) {
      digest += EncodedRow.of(row).digestChange();
    }
    return new StoreHead(Position.NONE, 0, 0, digest);
  }

  /** The head after {@code transaction}, which is found at {@code next} in the log. */
  StoreHead after(StateTransaction transaction, Position next, long digestChange) {
    checkArgument(
        next.index() > position.index(), "a commit at %s after one at %s", next, position);
    return new StoreHead(next, transaction.zxid(), transaction.timeMillis(), digest + digestChange);
  }

  /** The digest of the tree with its zxid. */
  TreeDigest treeDigest() {
    return new TreeDigest(zxid, digest);
  }

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .putInt(FORMAT_VERSION)
        .putLong(position.term())
        .putLong(position.index())
        .putLong(zxid)
        .putLong(timeMillis)
        .putLong(digest)
        .array();
  }

  /**
   * The head that {@code row} stands for.
   *
   * @throws StoreException if the store has another format
   */
  static StoreHead decode(byte[] row) {
    ByteBuffer bytes = ByteBuffer.wrap(row);
    int version = row.length < Integer.BYTES ? 0 : bytes.getInt();
    if (version != FORMAT_VERSION || row.length != BYTES) {
      throw new StoreException(
          "the store has format %d, and this software knows format %d"
              .formatted(version, FORMAT_VERSION));
    }
    Position position = new Position(bytes.getLong(), bytes.getLong());
    return new StoreHead(position, bytes.getLong(), bytes.getLong(), bytes.getLong());
  }
}
