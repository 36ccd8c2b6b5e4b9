package io.quoll.server.coordination;

import static com.google.common.base.Preconditions.checkNotNull;

import io.quoll.server.coordination.Consensus.Submission;
import io.quoll.statemachine.state.Rejection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one attachment of a session, first in, first out. Each has its turn in order, and
 * is replied to in order. (ADR 0016.)
 *
 * <ul>
 *   <li>A write is submitted at its turn, without waiting for those before it to be applied.
 *   <li>A read takes its view of the state at its turn, which is when no write before it is
 *       unanswered. A write behind it need not wait for the answer.
 *   <li>A read of one znode need not wait for the writes before it: it looks at what the last of
 *       them leaves when that is applied.
 *   <li>A sync, and a read of what this replica does not have yet, let nothing pass.
 *   <li>What is about watches or about who the client is, and the end of the session, wait until
 *       all before is replied to, and let nothing pass.
 * </ul>
 *
 * <p>So a read sees the session's own writes before it and none of those behind it. Confined to the
 * executor of the attachment, which calls {@link #advance} whenever something may have ended.
 */
public final class SessionLine {
  /** The requests from which on no more are read from the client. */
  public static final int REQUESTS_MAX = 1_000;

  /** The bytes of requests from which on no more are read from the client. */
  public static final long BYTES_MAX = 4 * 1024 * 1024;

  /** The reads of one session that have their view and no answer yet. */
  static final int READS_MAX = 16;

  /**
   * The reads of one session that are hung on its writes: all are read while entries are applied.
   */
  static final int READS_BEHIND_MAX = 64;

  private enum Pace {
    WRITE,
    READ,
    BEHIND,
    ALONE
  }

  private record Turn(
      SessionRequest request, Pace pace, CompletableFuture<SessionItem.Reply> reply) {}

  private final SessionWork work;
  private final Outbox outbox;
  private final Runnable wake;
  private final Deque<SessionRequest> waiting = new ArrayDeque<>();
  private final Arrivals arrivals = new Arrivals();
  private final Deque<Turn> begun = new ArrayDeque<>();
  private long bytes;
  private int writes;
  private @Nullable Submission lastWrite;
  private int reads;
  private int readsBehind;
  private int alone;
  private boolean closed;
  private volatile boolean awaitsRoom;
  private @Nullable Throwable failure;

  /**
   * The line of {@code hold}.
   *
   * @param outbox takes the replies, and the events of the watches that the requests set
   * @param authentication judges the credentials that the client shows
   * @param wake has the executor call {@link #advance} soon
   */
  public SessionLine(
      SessionHold hold,
      Coordinator coordinator,
      Sessions sessions,
      Watches watches,
      Outbox outbox,
      Authentication authentication,
      Runnable wake) {
    this.work = new SessionWork(hold, coordinator, sessions, watches, outbox, authentication);
    this.outbox = outbox;
    this.wake = wake;
  }

  /** The client has the replies to its writes below {@code cxid}; never goes back. */
  public void acknowledge(long cxid) {
    work.acknowledge(cxid);
  }

  /** Puts a request at the end. */
  public void add(SessionRequest request) {
    waiting.add(request);
    arrivals.add(work.arrived());
    bytes += request.bytes();
  }

  /** Whether the client is to send no more for now. */
  public boolean isFull() {
    return waiting.size() + begun.size() >= REQUESTS_MAX || bytes >= BYTES_MAX;
  }

  /** Whether the reply to the end of the session was the last. */
  public boolean isClosed() {
    return closed;
  }

  /** Why the attachment has to end, if it has to: nothing more is done. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** Replies to what is done and begins what can be begun. */
  public void advance() {
    boolean moved = true;
    while (moved) {
      moved = endNext() || beginNext();
    }
  }

  private boolean isOver() {
    return closed || failure != null;
  }

  private boolean endNext() {
    Turn turn = begun.peek();
    if (turn == null || isOver() || outbox.isFull() || !turn.reply().isDone()) {
      return false;
    }
    begun.remove();
    count(turn.pace(), -1);
    bytes -= turn.request().bytes();
    end(turn);
    return true;
  }

  private void end(Turn turn) {
    SessionRequest request = turn.request();
    Throwable cause = failureOf(turn.reply());
    if (cause != null) {
      fail(request, cause);
      return;
    }
    SessionItem.Reply reply = turn.reply().join();
    if (request instanceof SessionRequest.Read read && read.watch() != null) {
      outbox.appendAhead(() -> work.leaveWatch(read, reply));
    } else {
      outbox.append(reply);
    }
    work.replied(request, reply, arrivals.take());
    closed = request instanceof SessionRequest.Close;
  }

  // A write that was not served may be applied yet. Its client sends it again by its next
  // attachment, and has its reply then.
  private void fail(SessionRequest request, Throwable cause) {
    if (request instanceof SessionRequest.Write || request instanceof SessionRequest.Close) {
      failure = cause;
    } else {
      SessionItem.Reply reply = work.failed(request.xid(), cause);
      outbox.append(reply);
      work.replied(request, reply, arrivals.take());
    }
  }

  private static @Nullable Throwable failureOf(CompletableFuture<?> done) {
    if (!done.isCompletedExceptionally()) {
      return null;
    }
    Throwable failure = done.handle((value, thrown) -> thrown).join();
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private boolean beginNext() {
    SessionRequest next = waiting.peek();
    if (next == null || isOver() || outbox.isFull() || !mayBegin(next) || !begin(next)) {
      return false;
    }
    waiting.remove();
    return true;
  }

  private boolean mayBegin(SessionRequest request) {
    if (request instanceof SessionRequest.Write) {
      return alone == 0;
    }
    if (request instanceof SessionRequest.Read) {
      return alone == 0 && (writes > 0 ? readsBehind < READS_BEHIND_MAX : reads < READS_MAX);
    }
    if (request instanceof SessionRequest.Sync || request instanceof SessionRequest.Refused) {
      return alone == 0 && writes == 0;
    }
    return begun.isEmpty();
  }

  // False if the server takes no more writes for now.
  private boolean submit(SessionRequest.Write write) {
    if (awaitsRoom) {
      return false;
    }
    awaitsRoom = true; // Before anybody can take it back.
    Optional<Submission> submitted = work.write(write, this::onRoom);
    if (submitted.isEmpty()) {
      return false;
    }
    awaitsRoom = false;
    lastWrite = submitted.get();
    await(write, Pace.WRITE, SessionWork.replyTo(write, submitted.get()));
    return true;
  }

  private void onRoom() {
    awaitsRoom = false;
    wake.run();
  }

  // False if it has to wait all the same.
  private boolean begin(SessionRequest request) {
    if (request instanceof SessionRequest.Write write) {
      return submit(write);
    }
    if (request instanceof SessionRequest.Read read) {
      return read(read);
    }
    if (request instanceof SessionRequest.Refused refused) {
      await(refused, Pace.READ, CompletableFuture.failedFuture(refused.refusal()));
    } else if (request instanceof SessionRequest.Sync sync) {
      await(sync, Pace.ALONE, work.sync(sync));
    } else if (request instanceof SessionRequest.SetWatches set) {
      await(set, Pace.ALONE, work.setWatches(set));
    } else if (request instanceof SessionRequest.Close close) {
      await(close, Pace.ALONE, work.close(close));
    } else if (request instanceof SessionRequest.AddWatch add) {
      bytes -= request.bytes();
      long zxid = work.shownZxid(); // Of events that go ahead of the reply, not of those behind it.
      outbox.appendAhead(() -> added(add, zxid));
    } else if (request instanceof SessionRequest.AddAuth add) {
      bytes -= request.bytes();
      addAuth(add);
    } else {
      bytes -= request.bytes();
      SessionItem.Reply reply = change(request);
      outbox.append(reply);
      work.replied(request, reply, arrivals.take());
    }
    return true;
  }

  private SessionItem.Reply added(SessionRequest.AddWatch add, long zxid) {
    SessionItem.Reply reply = work.addWatch(add, zxid);
    work.replied(add, reply, arrivals.take());
    return reply;
  }

  // False if it has to wait for the replies to the writes before it.
  private boolean read(SessionRequest.Read read) {
    if (writes == 0) {
      Pace pace = work.isAnsweredByNow(read) ? Pace.READ : Pace.ALONE;
      await(read, pace, work.read(read));
      return true;
    }
    Optional<CompletableFuture<SessionItem.Reply>> reply =
        work.readBehind(read, checkNotNull(lastWrite));
    // Nobody needs to be woken: the reply to the write comes later, and goes ahead.
    reply.ifPresent(coming -> begin(new Turn(read, Pace.BEHIND, coming)));
    return reply.isPresent();
  }

  private void addAuth(SessionRequest.AddAuth add) {
    try {
      SessionItem.Reply reply = work.addAuth(add);
      outbox.append(reply);
      work.replied(add, reply, arrivals.take());
    } catch (Rejection refused) {
      failure = refused;
    }
  }

  private SessionItem.Reply change(SessionRequest request) {
    if (request instanceof SessionRequest.RemoveWatches remove) {
      return work.removeWatches(remove);
    }
    if (request instanceof SessionRequest.CheckWatches check) {
      return work.checkWatches(check);
    }
    if (request instanceof SessionRequest.WhoAmI who) {
      return work.whoAmI(who);
    }
    throw new IllegalArgumentException("nothing is known of " + request.getClass());
  }

  private void await(
      SessionRequest request, Pace pace, CompletableFuture<SessionItem.Reply> reply) {
    begin(new Turn(request, pace, reply));
    if (!reply.isDone()) {
      var unused = reply.whenComplete((done, failed) -> wake.run());
    }
  }

  private void begin(Turn turn) {
    begun.add(turn);
    count(turn.pace(), 1);
  }

  private void count(Pace pace, int change) {
    switch (pace) {
      case WRITE -> writes += change;
      case READ -> reads += change;
      case BEHIND -> readsBehind += change;
      case ALONE -> alone += change;
    }
  }

  /** The attachment is over: what waits is given up, and the watches go. */
  public void abandon() {
    begun.forEach(turn -> turn.reply().cancel(false));
    waiting.clear();
    work.abandon();
  }
}
