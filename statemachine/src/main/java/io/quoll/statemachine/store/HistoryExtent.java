package io.quoll.statemachine.store;

import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.codec.EventCodec;
import java.nio.ByteBuffer;

/**
 * How far the history reaches back, and what it takes.
 *
 * <p>Layout of its row: the components in eight bytes each, the highest first.
 *
 * @param trimmedZxid the events up to this zxid are not kept; all after it are
 * @param events how many events are kept
 * @param bytes the bytes of the keys and values of their rows
 * @param oldestMillis the time of the oldest of them; without meaning if there is none
 */
@Immutable
record HistoryExtent(long trimmedZxid, long events, long bytes, long oldestMillis) {
  /** The extent of a history that begins after {@code zxid}. */
  static HistoryExtent after(long zxid) {
    return new HistoryExtent(zxid, 0, 0, 0);
  }

  /** The extent with one row more. */
  HistoryExtent with(HistoryRow row) {
    EventCodec.Summary added = row.summary();
    long oldest = events == 0 ? added.timeMillis() : oldestMillis;
    return new HistoryExtent(trimmedZxid, events + added.count(), bytes + row.bytes(), oldest);
  }

  /** The extent once {@code row}, the oldest, is dropped. */
  HistoryExtent without(HistoryRow row) {
    EventCodec.Summary dropped = row.summary();
    return new HistoryExtent(
        dropped.lastZxid(), events - dropped.count(), bytes - row.bytes(), oldestMillis);
  }

  /** The extent of a history whose oldest event is of the time {@code millis}. */
  HistoryExtent from(long millis) {
    return new HistoryExtent(trimmedZxid, events, bytes, millis);
  }

  byte[] encode() {
    return ByteBuffer.allocate(4 * Long.BYTES)
        .putLong(trimmedZxid)
        .putLong(events)
        .putLong(bytes)
        .putLong(oldestMillis)
        .array();
  }

  static HistoryExtent decode(byte[] row) {
    ByteBuffer bytes = ByteBuffer.wrap(row);
    return new HistoryExtent(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }
}
