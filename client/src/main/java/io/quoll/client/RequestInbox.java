package io.quoll.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where callers leave their requests. Takes no more than the session may have under way at once.
 *
 * <p>Thread-safe.
 */
final class RequestInbox {
  /** How many requests may be under way, sent or not. */
  static final int REQUESTS_MAX = 10_000;

  /** How many bytes of requests may be under way, sent or not. */
  static final long REQUEST_BYTES_MAX = 64L << 20;

  /**
   * The largest request that a server reads, with room for the frame around it. One that is larger
   * would break every stream that it is sent on, and what waits behind it would wait for ever.
   */
  static final int ONE_REQUEST_BYTES_MAX = 8 * 1024 * 1024 - 1024;

  private final Queue<SessionCall<?>> calls = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong bytesUnderWay = new AtomicLong();
  private final AtomicReference<@Nullable SessionState> end = new AtomicReference<>();

  /** Takes a request, or fails it at once and tells false. */
  boolean offer(SessionCall<?> call) {
    SessionState last = end.get();
    if (last != null) {
      call.end(last, null);
      return false;
    }
    if (call.bytes() > ONE_REQUEST_BYTES_MAX) {
      call.end(
          ErrorCode.LIMIT_EXCEEDED,
          "a request holds at most %d bytes, this one %d"
              .formatted(ONE_REQUEST_BYTES_MAX, call.bytes()),
          null);
      return false;
    }
    int count = underWay.incrementAndGet();
    long bytes = bytesUnderWay.addAndGet(call.bytes());
    if (count > REQUESTS_MAX || (bytes > REQUEST_BYTES_MAX && count > 1)) {
      release(call);
      call.end(
          ErrorCode.OVERLOADED,
          "%d requests of %d bytes are under way".formatted(count - 1, bytes - call.bytes()),
          null);
      return false;
    }
    var unused = call.result().whenComplete((answer, failure) -> release(call));
    calls.add(call);
    return true;
  }

  private void release(SessionCall<?> call) {
    underWay.decrementAndGet();
    bytesUnderWay.addAndGet(-call.bytes());
  }

  @Nullable SessionCall<?> poll() {
    return calls.poll();
  }

  /**
   * Takes nothing from now on; tells whether it did before.
   *
   * @param last the state that the session comes to, which the first to call this decides
   */
  boolean close(SessionState last) {
    return end.compareAndSet(null, last);
  }
}
