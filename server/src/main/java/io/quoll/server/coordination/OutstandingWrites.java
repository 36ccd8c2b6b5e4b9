package io.quoll.server.coordination;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the writes that were submitted and not yet answered, so that a slow ensemble fills neither
 * the memory of its servers nor the patience of their clients. Thread-safe.
 */
final class OutstandingWrites {
  /** The most writes that one server has under way. */
  static final int WRITES_MAX = 10_000;

  /** The most bytes that they hold, by {@link RequestLimits#bytesOf}. */
  static final long BYTES_MAX = 64L * 1024 * 1024;

  // Room is told of once there is some for many, so that those who wait do not come for one each.
  private static final int WRITES_ROOMY = WRITES_MAX / 4 * 3;
  private static final long BYTES_ROOMY = BYTES_MAX / 4 * 3;

  @GuardedBy("this")
  private final List<Runnable> waiting = new ArrayList<>();

  @GuardedBy("this")
  private int writes;

  @GuardedBy("this")
  private long bytes;

  /**
   * Counts a write of {@code size} bytes in.
   *
   * @throws UnavailableException {@code OVERLOADED}, with the limit that is reached
   */
  synchronized void enter(long size) {
    if (writes >= WRITES_MAX) {
      throw overloaded(WRITES_MAX + " writes are under way, and the server takes no more");
    }
    if (bytes + size > BYTES_MAX) {
      throw overloaded(
          "writes of %d bytes are under way, and the server takes at most %d bytes"
              .formatted(bytes, BYTES_MAX));
    }
    writes++;
    bytes += size;
  }

  private static UnavailableException overloaded(String message) {
    return new UnavailableException(
        UnavailableException.Reason.OVERLOADED, UnavailableException.Applied.NO, message);
  }

  /**
   * Counts a write of {@code size} bytes in if there is room; else has {@code whenRoom} run once
   * there is. Who waits so are lines of sessions, one time each, so their number bounds this.
   */
  synchronized boolean tryEnter(long size, Runnable whenRoom) {
    if (writes >= WRITES_MAX || bytes + size > BYTES_MAX) {
      waiting.add(whenRoom);
      return false;
    }
    writes++;
    bytes += size;
    return true;
  }

  /** How many there are. */
  synchronized int writes() {
    return writes;
  }

  /** How many bytes they hold. */
  synchronized long bytes() {
    return bytes;
  }

  /** Counts a write of {@code size} bytes out. */
  void leave(long size) {
    List<Runnable> due = List.of();
    synchronized (this) {
      writes--;
      bytes -= size;
      if (!waiting.isEmpty() && writes <= WRITES_ROOMY && bytes <= BYTES_ROOMY) {
        due = List.copyOf(waiting);
        waiting.clear();
      }
    }
    due.forEach(Runnable::run);
  }
}
