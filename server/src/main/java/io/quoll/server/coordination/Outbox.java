package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.server.coordination.UnavailableException.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one attachment of a session is to be sent: replies and events, in one order, until the
 * transport takes them. Replies are appended and items taken by the attachment's executor, events
 * come from any thread. Thread-safe.
 */
public final class Outbox implements Watcher {
  /** The bytes from which on the client is asked to read first: no request has its turn. */
  public static final long FULL_BYTES = 1024 * 1024;

  /** The bytes that unread events may make of it; beyond them all is dropped. */
  public static final long BYTES_MAX = 16 * 1024 * 1024;

  private final Runnable wake;

  @GuardedBy("this")
  private final Deque<SessionItem> items = new ArrayDeque<>();

  // Events that came while a reply was made that goes ahead of them.
  @GuardedBy("this")
  private final Deque<SessionItem> held = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean holding;

  @GuardedBy("this")
  private long bytes;

  @GuardedBy("this")
  private @Nullable UnavailableException failure;

  /**
   * An empty outbox.
   *
   * @param wake has the attachment's executor look into it; called for events
   */
  public Outbox(Runnable wake) {
    this.wake = wake;
  }

  @Override
  public void onEvent(WatchEvent event) {
    SessionItem item = new SessionItem.Event(event);
    synchronized (this) {
      if (failure != null) {
        return;
      }
      (holding ? held : items).add(item);
      bytes += item.bytes();
      if (bytes > BYTES_MAX) {
        drop(
            new UnavailableException(
                Reason.OVERLOADED,
                null,
                "the client left events of more than " + BYTES_MAX + " bytes unread"));
      }
    }
    wake.run();
  }

  @Override
  public void onGap(long throughZxid) {
    synchronized (this) {
      drop(
          new UnavailableException(
              Reason.NOT_SERVING,
              null,
              "the server took over a snapshot and does not know all events up to zxid "
                  + throughZxid
                  + "; attach again and set the watches again"));
    }
    wake.run();
  }

  @GuardedBy("this")
  private void drop(UnavailableException why) {
    failure = why;
    items.clear();
    held.clear();
    bytes = 0;
  }

  /** Appends a reply, behind all events that came by now. */
  synchronized void append(SessionItem.Reply reply) {
    if (failure == null) {
      items.add(reply);
      bytes += reply.bytes();
    }
  }

  /**
   * Appends the reply that {@code work} makes, ahead of all events that come while it works: they
   * may be those of a watch that it sets. So the reply must not show a zxid that is published only
   * while it works.
   */
  void appendAhead(Supplier<SessionItem.Reply> work) {
    synchronized (this) {
      holding = true;
    }
    SessionItem.Reply reply = work.get(); // Without the monitor, which events take under others.
    synchronized (this) {
      append(reply);
      items.addAll(held);
      held.clear();
      holding = false;
    }
  }

  /**
   * Takes the next items out: as many as weigh {@code bytesMost} together, but one at least; none
   * if it is empty.
   */
  public synchronized ImmutableList<SessionItem> take(long bytesMost) {
    ImmutableList.Builder<SessionItem> taken = ImmutableList.builder();
    long left = bytesMost;
    for (SessionItem next = items.peek(); next != null; next = items.peek()) {
      if (left < bytesMost && next.bytes() > left) {
        break;
      }
      taken.add(items.remove());
      left -= next.bytes();
    }
    bytes -= bytesMost - left;
    return taken.build();
  }

  /** Whether there is nothing to take. */
  public synchronized boolean isEmpty() {
    return items.isEmpty();
  }

  /** Whether the client has to read before anything more is done for it. */
  public synchronized boolean isFull() {
    return bytes >= FULL_BYTES;
  }

  /** Why the attachment must end, if it must: events were dropped, or are missing. */
  public synchronized Optional<UnavailableException> failure() {
    return Optional.ofNullable(failure);
  }
}
