package io.quoll.server.consensus;

import static io.quoll.server.coordination.UnavailableException.Applied.NO;
import static io.quoll.server.coordination.UnavailableException.Applied.UNKNOWN;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.Consensus.Submission;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.server.coordination.WriteTracing;
import io.quoll.server.coordination.WriteTracing.WriteTrace;
import io.quoll.statemachine.codec.EntryCodec;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.RecordedReply;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The proposals of this replica that it has not applied yet. A proposal is numbered when it is
 * first taken to be sent; from then on it is kept, and sent again whenever a leader may have lost
 * it, until this replica applies it. Thread-safe.
 */
final class Outstanding {
  /**
   * The bytes of the largest proposal: the largest multi that the door lets in, with some 25 bytes
   * for each of its parts beside paths and data. A session's write that passes the door and fails
   * here would never take its number.
   */
  static final int PROPOSAL_BYTES_MAX = 2 * 1024 * 1024 + 256 * 1024;

  private final Origin origin;
  private volatile WriteTracing tracing = WriteTracing.OFF;
  private volatile long agreedNanos;

  @GuardedBy("this")
  private final Deque<Pending> waiting = new ArrayDeque<>();

  @GuardedBy("this")
  private final Deque<Pending> numbered = new ArrayDeque<>();

  /** Those of {@link #numbered} that the entry being applied holds, up to their answers. */
  @GuardedBy("this")
  private final Deque<Pending> unanswered = new ArrayDeque<>();

  @GuardedBy("this")
  private long firstNumbered = 1;

  /** How many of {@link #numbered}, from the first on, are sent and not to be sent again. */
  @GuardedBy("this")
  private int sent;

  @GuardedBy("this")
  private long sentBytes;

  @GuardedBy("this")
  private long waitingBytes;

  @GuardedBy("this")
  private long numberedBytes;

  @GuardedBy("this")
  private boolean closed;

  /** A future and what it is to be completed with, to be handed to another thread. */
  record Completion(CompletableFuture<Reply> reply, Reply value) {}

  /** Some proposals, encoded as a batch. */
  record Taken(ByteString batch, int count) {}

  Outstanding(Origin origin) {
    this.origin = origin;
  }

  /**
   * Adds a proposal behind all others; its reply fails at {@code deadlineNanos}. One that is too
   * large is rejected at once, for no log would ever take it.
   */
  Submission add(Proposal proposal, long deadlineNanos) {
    ByteString bytes = EntryCodec.encode(proposal);
    if (bytes.size() > PROPOSAL_BYTES_MAX) {
      String detail =
          "the request has %d bytes, and at most %d are taken"
              .formatted(bytes.size(), PROPOSAL_BYTES_MAX);
      return new RefusedSubmission(new Rejection(ErrorCode.LIMIT_EXCEEDED, "", detail));
    }
    WriteTrace trace = tracing.begin(proposal.caller(), proposal.command());
    Pending pending = new Pending(bytes, proposal.caller(), deadlineNanos, trace);
    synchronized (this) {
      if (closed) {
        return new RefusedSubmission(
            new UnavailableException(Reason.NOT_SERVING, NO, "the server is stopping"));
      }
      waiting.add(pending);
      waitingBytes += bytes.size();
    }
    return pending;
  }

  /** Has the proposals that are added from now on followed. */
  void traceBy(WriteTracing followed) {
    tracing = followed;
  }

  /** An entry is agreed on, and is about to be applied. */
  void onAgreed() {
    if (tracing != WriteTracing.OFF) {
      agreedNanos = System.nanoTime();
    }
  }

  /** How many proposals were never sent. */
  synchronized int waitingCount() {
    return waiting.size();
  }

  /** How many proposals were sent once, or are about to be, and are not applied yet. */
  synchronized int numberedCount() {
    return numbered.size();
  }

  /** Whether {@link #take} would find something. */
  synchronized boolean hasUnsent() {
    return sent < numbered.size() || !waiting.isEmpty();
  }

  /** The bytes of the proposals that {@link #take} would find. */
  synchronized long unsentBytes() {
    return waitingBytes + numberedBytes - sentBytes;
  }

  /** The bytes of the proposals that were sent and are not applied yet. */
  synchronized long sentBytes() {
    return sentBytes;
  }

  /** The number of the first proposal that is not applied; grows as long as there is progress. */
  synchronized long firstUnapplied() {
    return firstNumbered;
  }

  /** Takes the next proposals to send, at least one and else at most {@code bytesMax} of them. */
  synchronized Optional<Taken> take(int bytesMax) {
    ImmutableList.Builder<ByteString> batch = ImmutableList.builder();
    long firstSequence = firstNumbered + sent;
    int bytes = 0;
    int count = 0;
    Iterator<Pending> again = sent < numbered.size() ? skip(numbered, sent) : null;
    while (true) {
      Pending next = again != null && again.hasNext() ? again.next() : waiting.peek();
      if (next == null || (count > 0 && bytes + next.bytes().size() > bytesMax)) {
        break;
      }
      if (sent == numbered.size()) {
        numbered.add(waiting.remove());
        next.onTaken();
        waitingBytes -= next.bytes().size();
        numberedBytes += next.bytes().size();
        again = null;
      }
      sent++;
      batch.add(next.bytes());
      bytes += next.bytes().size();
      count++;
    }
    sentBytes += bytes;
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new Taken(EntryCodec.encodeBatch(origin, firstSequence, batch.build()), count));
  }

  private static Iterator<Pending> skip(Deque<Pending> deque, int count) {
    Iterator<Pending> iterator = deque.iterator();
    for (int i = 0; i < count; i++) {
      iterator.next();
    }
    return iterator;
  }

  /** Makes {@link #take} begin again with the first proposal that is not applied. */
  synchronized void rewind() {
    sent = 0;
    sentBytes = 0;
  }

  /**
   * A proposal was applied, and those behind it in its entry are not yet. If it is the next of this
   * replica, it is removed, and those who read behind it read {@code state}.
   */
  void applying(Origin by, long sequence, StateView state) {
    Pending pending = removeApplied(by, sequence);
    if (pending != null) {
      pending.onApplied(state, agreedNanos);
    }
  }

  private synchronized @Nullable Pending removeApplied(Origin by, long sequence) {
    if (!by.equals(origin) || sequence < firstNumbered) {
      return null;
    }
    Pending pending = removeFirst();
    unanswered.add(pending);
    return pending;
  }

  /** What the entry that was just applied came to for the proposals of this replica. */
  synchronized ImmutableList<Completion> applied(ImmutableList<EntryOutcome.Applied> applied) {
    ImmutableList.Builder<Completion> completions = ImmutableList.builder();
    long first = firstNumbered - unanswered.size();
    for (EntryOutcome.Applied each : applied) {
      if (each.origin().equals(origin) && each.sequence() >= first) {
        completions.add(new Completion(unanswered.remove().reply(), reply(each)));
      }
    }
    return completions.build();
  }

  /** What is told to who waits; to one whose write was applied before, what it came to then. */
  private static Reply reply(EntryOutcome.Applied applied) {
    return applied.result() instanceof Result.Recorded recorded
        ? reply(recorded.reply())
        : new Reply(applied.zxid(), applied.result());
  }

  private static Reply reply(ByteString recorded) {
    RecordedReply reply = ReplyCodec.decode(recorded);
    return new Reply(reply.zxid(), reply.result());
  }

  private synchronized Pending removeFirst() {
    Pending pending = numbered.remove();
    firstNumbered++;
    numberedBytes -= pending.bytes().size();
    if (sent > 0) {
      sent--;
      sentBytes -= pending.bytes().size();
    }
    return pending;
  }

  /**
   * Removes the proposals up to {@code sequence}, of which a snapshot says that they were applied,
   * but not what they came to. That is known of a session's numbered writes, whose replies are part
   * of {@code state}; who waits for another is told that its reply was lost.
   */
  ImmutableList<Completion> appliedUnseen(long sequence, StateView state) {
    ImmutableList.Builder<Completion> completions = ImmutableList.builder();
    List<Pending> lost = new ArrayList<>();
    for (Pending pending : removeThrough(sequence)) {
      pending.onApplied(state, System.nanoTime());
      Optional<ByteString> recorded = recorded(pending.caller(), state);
      if (recorded.isPresent()) {
        completions.add(new Completion(pending.reply(), reply(recorded.get())));
      } else {
        lost.add(pending);
      }
    }
    lost.forEach(pending -> fail(pending, Reason.BEHIND, UNKNOWN, "the reply was lost"));
    return completions.build();
  }

  private static Optional<ByteString> recorded(Caller caller, StateView state) {
    return caller.hasSession() && caller.isNumbered()
        ? state.reply(caller.sessionId(), caller.cxid())
        : Optional.empty();
  }

  private synchronized List<Pending> removeThrough(long sequence) {
    List<Pending> removed = new ArrayList<>();
    while (firstNumbered <= sequence && !numbered.isEmpty()) {
      removed.add(removeFirst());
    }
    return removed;
  }

  /** Fails what has waited past its deadline; what may have been sent stays to be sent again. */
  void expire(long nowNanos) {
    List<Pending> unsent = new ArrayList<>();
    List<Pending> unknown = new ArrayList<>();
    synchronized (this) {
      waiting.removeIf(pending -> pending.deadlineNanos() - nowNanos < 0 && unsent.add(pending));
      unsent.forEach(pending -> waitingBytes -= pending.bytes().size());
      for (Pending pending : numbered) {
        if (pending.deadlineNanos() - nowNanos < 0 && !pending.reply().isDone()) {
          unknown.add(pending);
        }
      }
    }
    unsent.forEach(p -> fail(p, Reason.NO_QUORUM, NO, "no leader took the request in time"));
    unknown.forEach(p -> fail(p, Reason.NO_QUORUM, UNKNOWN, "no majority agreed in time"));
  }

  /** Takes no more proposals and fails those there are. */
  void close() {
    List<Pending> unsent;
    List<Pending> unknown;
    synchronized (this) {
      closed = true;
      unsent = new ArrayList<>(waiting);
      unknown = new ArrayList<>(unanswered);
      unknown.addAll(numbered);
      waiting.clear();
      waitingBytes = 0;
    }
    unsent.forEach(p -> fail(p, Reason.NOT_SERVING, NO, "the server is stopping"));
    unknown.forEach(p -> fail(p, Reason.NOT_SERVING, UNKNOWN, "the server is stopping"));
  }

  /** Whether nothing is left to apply. */
  synchronized boolean isEmpty() {
    return waiting.isEmpty() && numbered.isEmpty() && unanswered.isEmpty();
  }

  private static void fail(Pending pending, Reason reason, Applied applied, String message) {
    pending.reply().completeExceptionally(new UnavailableException(reason, applied, message));
  }
}
