package io.quoll.server.coordination;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What went on in one attachment of a session. One thread at a time notes it, in order; any may
 * look, and may see what was noted a moment ago.
 */
public final class SessionTraffic {
  // Places in the values.
  private static final int RECEIVED = 0;
  private static final int REPLIED = 1;
  private static final int LAST_NANOS = 2;
  private static final int LEAST_NANOS = 3;
  private static final int GREATEST_NANOS = 4;
  private static final int SUM_NANOS = 5;
  private static final int LAST_CXID = 6;
  private static final int LAST_ZXID = 7;
  private static final int LAST_REPLY_NANO_TIME = 8;
  private static final int VALUES = 9;

  private final AtomicLongArray values = new AtomicLongArray(VALUES);
  private final AtomicReference<@Nullable Class<?>> lastKind = new AtomicReference<>();

  /** The traffic at one moment; times in nanoseconds, the last two by {@link System#nanoTime}. */
  public record Snapshot(
      long received,
      long replied,
      String lastOperation,
      long lastNanos,
      long leastNanos,
      long greatestNanos,
      long sumNanos,
      long lastCxid,
      long lastZxid,
      long lastReplyNanoTime) {}

  /** A request has come. */
  void arrived() {
    put(RECEIVED, get(RECEIVED) + 1);
  }

  /** A reply that shows {@code zxid} was given at {@code nanoTime}, after {@code nanos}. */
  void replied(SessionRequest request, long zxid, long nanos, long nanoTime) {
    long before = get(REPLIED);
    put(REPLIED, before + 1);
    put(LAST_NANOS, nanos);
    if (before == 0 || nanos < get(LEAST_NANOS)) {
      put(LEAST_NANOS, nanos);
    }
    if (nanos > get(GREATEST_NANOS)) {
      put(GREATEST_NANOS, nanos);
    }
    put(SUM_NANOS, get(SUM_NANOS) + nanos);
    if (request instanceof SessionRequest.Write write) {
      put(LAST_CXID, write.cxid());
    }
    put(LAST_ZXID, zxid);
    put(LAST_REPLY_NANO_TIME, nanoTime);
    lastKind.lazySet(RequestTimes.kindOf(request));
  }

  // With one writer, nothing is lost by a store that does not wait for the other processors.
  private void put(int value, long now) {
    values.lazySet(value, now);
  }

  private long get(int value) {
    return values.get(value);
  }

  /** What was noted so far. */
  public Snapshot snapshot() {
    Class<?> last = lastKind.get();
    return new Snapshot(
        get(RECEIVED),
        get(REPLIED),
        last == null ? "" : checkNotNull(last).getSimpleName(),
        get(LAST_NANOS),
        get(LEAST_NANOS),
        get(GREATEST_NANOS),
        get(SUM_NANOS),
        get(LAST_CXID),
        get(LAST_ZXID),
        get(LAST_REPLY_NANO_TIME));
  }
}
