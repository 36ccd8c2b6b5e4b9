package io.quoll.client;

import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.SessionReply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a session that are not answered yet, in the order in which they were made: first
 * those that were sent on the present stream, then those that were not, be it for the first time or
 * again. Replies come in the same order.
 *
 * <p>Confined to the session's lane.
 */
final class RequestLine {
  /**
   * How many writes may be without an answer. The server keeps the replies of 1 000 and refuses
   * what comes on top.
   */
  static final int WRITES_UNACKNOWLEDGED_MAX = 900;

  /** The bytes of a frame's requests, unless one alone is larger. */
  static final int FRAME_BYTES_MAX = 256 * 1024;

  private final Deque<SessionCall<?>> sent = new ArrayDeque<>();
  private final Deque<SessionCall<?>> unsent = new ArrayDeque<>();
  private long nextXid = 1;
  private long nextCxid = 1;
  private long firstUnacknowledgedCxid = 1;
  private int repliesToDiscard;
  private boolean isHeld;

  void add(SessionCall<?> call) {
    unsent.add(call);
  }

  /** Puts requests that the stream has to begin with before all others. */
  void addFirst(List<SessionCall<SessionReply>> calls) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      unsent.addFirst(calls.get(i));
    }
  }

  long firstUnacknowledgedCxid() {
    return firstUnacknowledgedCxid;
  }

  /** As many requests as may be sent now and fit into a frame; null if there is none. */
  @Nullable ClientFrame nextFrame() {
    if (isHeld || !mayBeSent(unsent.peek())) {
      return null;
    }
    ClientFrame.Builder frame =
        ClientFrame.newBuilder().setFirstUnacknowledgedCxid(firstUnacknowledgedCxid);
    int bytes = 0;
    while (mayBeSent(unsent.peek())) {
      SessionCall<?> call = unsent.element();
      if (bytes > 0 && bytes + call.bytes() > FRAME_BYTES_MAX) {
        break;
      }
      unsent.remove();
      if (call.isWrite() && !call.isNumbered()) {
        call.number(nextCxid++);
      }
      frame.addRequests(call.send(nextXid++));
      bytes += call.bytes();
      sent.add(call);
    }
    return frame.build();
  }

  private boolean mayBeSent(@Nullable SessionCall<?> call) {
    return call != null
        && (!call.isWrite()
            || call.isNumbered()
            || nextCxid - firstUnacknowledgedCxid < WRITES_UNACKNOWLEDGED_MAX);
  }

  /**
   * The request that the reply is for, which leaves the line; null if the reply does not count
   * because the request is to be sent again.
   *
   * @throws IllegalStateException if the server answers out of order
   */
  @Nullable SessionCall<?> answered(SessionReply reply) {
    if (repliesToDiscard > 0) {
      repliesToDiscard--;
      return null;
    }
    SessionCall<?> call = sent.peek();
    if (call == null || call.xid() != reply.getXid()) {
      throw new IllegalStateException("a reply to " + reply.getXid() + " is out of order");
    }
    sent.remove();
    if (call.isWrite()) {
      firstUnacknowledgedCxid = call.cxid() + 1;
    }
    return call;
  }

  /**
   * Takes back a write that the server would not number. It is sent again with all that was sent
   * after it, once those are answered, which does not count, and {@link #release} is called.
   */
  void putBack(SessionCall<?> refused) {
    firstUnacknowledgedCxid = refused.cxid();
    repliesToDiscard = sent.size();
    sent.addFirst(refused);
    isHeld = true;
  }

  /** Whether writes were taken back, and the server has answered all that was sent behind them. */
  boolean isReadyToRelease() {
    return isHeld && repliesToDiscard == 0;
  }

  void release() {
    if (isReadyToRelease()) {
      rewind();
    }
  }

  /** Begins anew, for another stream: all that is not answered is to be sent again, in order. */
  void rewind() {
    isHeld = false;
    repliesToDiscard = 0;
    while (!sent.isEmpty()) {
      SessionCall<?> call = sent.removeLast();
      unsent.addFirst(call);
    }
    unsent.removeIf(SessionCall::isOfStream);
    unsent.removeIf(call -> !call.isWrite() && call.result().isDone());
  }

  /**
   * The session was attached, before anything is sent again: what was sent to former servers and is
   * above the last write that was applied never will be, since they hold an older epoch.
   */
  void attached(long lastCxid) {
    for (SessionCall<?> call : unsent) {
      if (call.cxid() > lastCxid) {
        call.untaken();
      }
    }
  }

  boolean anyPending(Predicate<SessionCall<?>> condition) {
    return sent.stream().anyMatch(condition) || unsent.stream().anyMatch(condition);
  }

  /**
   * Gives those to {@code late} whose time has passed and that may be given up: reads, and writes
   * that were never sent. Tells when the next will be late, or the greatest number for never.
   */
  long expire(long nowNanos, Consumer<SessionCall<?>> late) {
    List<SessionCall<?>> expired = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (SessionCall<?> call : sent) {
      next = note(call, nowNanos, next, expired);
    }
    for (Iterator<SessionCall<?>> calls = unsent.iterator(); calls.hasNext(); ) {
      SessionCall<?> call = calls.next();
      int before = expired.size();
      next = note(call, nowNanos, next, expired);
      if (expired.size() > before) {
        calls.remove();
      }
    }
    expired.forEach(late);
    return next;
  }

  private static long note(
      SessionCall<?> call, long nowNanos, long next, List<SessionCall<?>> expired) {
    if (call.deadlineNanos() == Long.MAX_VALUE || call.result().isDone()) {
      return next;
    }
    if (call.deadlineNanos() - nowNanos <= 0) {
      expired.add(call);
      return next;
    }
    return next == Long.MAX_VALUE || call.deadlineNanos() - next < 0 ? call.deadlineNanos() : next;
  }

  /** Empties the line. */
  List<SessionCall<?>> removeAll() {
    List<SessionCall<?>> all = new ArrayList<>(sent);
    all.addAll(unsent);
    sent.clear();
    unsent.clear();
    return all;
  }
}
