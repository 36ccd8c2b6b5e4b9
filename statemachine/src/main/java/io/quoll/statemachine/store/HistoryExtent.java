package io.quoll.statemachine.store;

import com.google.errorprone.annotations.Immutable;
import java.nio.ByteBuffer;

/**
 * How far the history reaches back, and what it takes.
 *
 * <p>Layout of its row: the components in eight bytes each, the highest first.
 *
 * @param trimmedZxid the events up to this zxid are not kept; all after it are
 * @param events how many events are kept
 * @param bytes the bytes of their keys and values
 * @param oldestMillis the time of the oldest of them; without meaning if there is none
 */
@Immutable
record HistoryExtent(long trimmedZxid, long events, long bytes, long oldestMillis) {
  /** The extent of a history that begins after {@code zxid}. */
  static HistoryExtent after(long zxid) {
    return new HistoryExtent(zxid, 0, 0, 0);
  }

  /** The extent with one event more. */
  HistoryExtent with(EncodedEvent event) {
    long oldest = events == 0 ? event.timeMillis() : oldestMillis;
    return new HistoryExtent(trimmedZxid, events + 1, bytes + event.bytes(), oldest);
  }

  /**
   * The extent once the transaction {@code zxid}, the oldest, is dropped.
   *
   * @param nextMillis the time of the transaction after it, or any if there is none
   */
  HistoryExtent without(long zxid, long eventsDropped, long bytesDropped, long nextMillis) {
    return new HistoryExtent(zxid, events - eventsDropped, bytes - bytesDropped, nextMillis);
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
