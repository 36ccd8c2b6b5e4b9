package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.state.Identities;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one attachment of a session is to be sent: replies and events, in one order, until the
 * transport takes them. Replies are appended and items taken by the attachment's executor, events
 * come from any thread, and can be taken once readers see what they tell of. Thread-safe.
 */
public final class Outbox implements Watcher {
  /** The bytes from which on the client is asked to read first: no request has its turn. */
  public static final long FULL_BYTES = 1024 * 1024;

  /** The bytes that unread events may make of it; beyond them all is dropped. */
  public static final long BYTES_MAX = 16 * 1024 * 1024;

  private final LongSupplier publishedZxid;
  private final Runnable wake;
  private volatile Identities identities;

  @GuardedBy("this")
  private final Deque<SessionItem> items = new ArrayDeque<>();

  // Events that came after a watch was set whose reply goes ahead of them.
  @GuardedBy("this")
  private final Deque<SessionItem> held = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean replying;

  @GuardedBy("this")
  private boolean holding;

  @GuardedBy("this")
  private long bytes;

  @GuardedBy("this")
  private @Nullable UnavailableException failure;

  /**
   * An empty outbox.
   *
   * @param identities who the attachment has proved to be so far
   * @param publishedZxid the last zxid that readers see
   * @param wake has the attachment's executor look into it; called for events
   */
  public Outbox(Identities identities, LongSupplier publishedZxid, Runnable wake) {
    this.identities = identities;
    this.publishedZxid = publishedZxid;
    this.wake = wake;
  }

  @Override
  public Identities identities() {
    return identities;
  }

  /** From now on the attachment is known to have proved this. */
  void setIdentities(Identities proved) {
    identities = proved;
  }

  @Override
  public void onEvent(WatchEvent event) {
    add(new SessionItem.Event(event, false));
  }

  @Override
  public void onMissed(WatchEvent event) {
    add(new SessionItem.Event(event, true));
  }

  @Override
  public synchronized void onSet() {
    holding = replying;
  }

  @Override
  public void onPublished() {
    wake.run();
  }

  private synchronized void add(SessionItem.Event item) {
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
   * Appends the reply that {@code work} makes by setting a watch: behind what the watch missed, and
   * ahead of all events that come once it is set. So the reply must not show a zxid that is
   * published only while it works.
   */
  void appendAhead(Supplier<SessionItem.Reply> work) {
    synchronized (this) {
      replying = true;
    }
    SessionItem.Reply reply = work.get(); // Without the monitor, which events take under others.
    synchronized (this) {
      append(reply);
      items.addAll(held);
      held.clear();
      replying = false;
      holding = false;
    }
  }

  /**
   * Takes the next items out: as many as weigh {@code bytesMost} together, but one at least; none
   * if it is empty.
   */
  public synchronized ImmutableList<SessionItem> take(long bytesMost) {
    ImmutableList.Builder<SessionItem> taken = ImmutableList.builder();
    long published = publishedZxid.getAsLong();
    long left = bytesMost;
    for (SessionItem next = items.peek(); next != null; next = items.peek()) {
      if (isAhead(next, published) || (left < bytesMost && next.bytes() > left)) {
        break;
      }
      taken.add(items.remove());
      left -= next.bytes();
    }
    bytes -= bytesMost - left;
    return taken.build();
  }

  private static boolean isAhead(SessionItem item, long publishedZxid) {
    return item instanceof SessionItem.Event event && event.event().zxid() > publishedZxid;
  }

  /** Whether there is nothing to take; events of which readers see nothing yet do not count. */
  public synchronized boolean isEmpty() {
    SessionItem next = items.peek();
    return next == null || isAhead(next, publishedZxid.getAsLong());
  }

  /** Whether nothing is left, not even events of which readers see nothing yet. */
  public synchronized boolean isDrained() {
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
