package io.quoll.server.coordination;

import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.Consensus.Submission;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.StateStore;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one door between the front ends and the replicated state: bounds what comes in, submits the
 * commands, and answers the queries from this replica's own state once it is as fresh as asked.
 *
 * <p>Thread-safe; no method blocks. Every future fails with {@link Rejection} where the request is
 * at fault, with {@link UnavailableException} where it was not served, and with anything else only
 * on account of a defect.
 */
public final class Coordinator implements Measured, AutoCloseable {
  private final Consensus consensus;
  private final StateStore store;
  private final ZxidWaiters waiters;
  private final RequestTimes requestTimes = new RequestTimes();
  private final OutstandingWrites outstanding = new OutstandingWrites();
  private final ReadWorkers workers;
  private final LocalReads reads;
  private volatile LongFunction<String> addresses = sessionId -> "";
  private volatile Audit audit = Audit.OFF;
  // A replica that was killed first has an older tree again, until it learns what is committed.
  private volatile boolean caughtUp;
  private volatile boolean closed;

  /**
   * Puts the parts together.
   *
   * @param waiters hears of what {@code consensus} applies to {@code store}
   * @param readThreads how many queries are answered at a time
   * @param fatal ends the process if the store cannot be read
   */
  public Coordinator(
      Consensus consensus,
      StateStore store,
      ZxidWaiters waiters,
      int readThreads,
      FatalHandler fatal) {
    this.consensus = consensus;
    this.store = store;
    this.waiters = waiters;
    this.workers = new ReadWorkers(readThreads);
    this.reads = new LocalReads(store, workers, fatal);
  }

  /**
   * Has {@code command} agreed on and applied. The reply comes once this replica has published its
   * zxid; that a command was rejected there is told by its result.
   *
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   * @return the reply; fails with {@code LIMIT_EXCEEDED} or {@code OVERLOADED} before anything was
   *     proposed, else as {@link Consensus#submit} does
   */
  public CompletableFuture<Reply> submit(Caller caller, Command command, long deadlineNanos) {
    long bytes = RequestLimits.bytesOf(command);
    try {
      requireServing(Applied.NO);
      RequestLimits.check(command);
      outstanding.enter(bytes);
    } catch (Rejection | UnavailableException refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
    // Who may cancel the reply is given a copy of it; the write goes on, and is counted.
    Supplier<CompletableFuture<Reply>> submit =
        () -> consensus.submit(caller, command, deadlineNanos);
    return counted(submit, reply -> reply, caller, command, bytes).copy();
  }

  /**
   * As {@link #submit}, but where the server has as many writes under way as it takes, nothing is
   * submitted, and {@code whenRoom} is run once it takes more. {@code command} is within the
   * limits.
   *
   * @return empty if there is no room
   * @throws UnavailableException {@code NOT_SERVING} if the server is stopping
   */
  Optional<Submission> trySubmit(
      Caller caller, Command command, long deadlineNanos, Runnable whenRoom) {
    if (closed) {
      throw stopping(Applied.NO);
    }
    long bytes = RequestLimits.bytesOf(command);
    return outstanding.tryEnter(bytes, whenRoom)
        ? Optional.of(
            counted(
                () -> consensus.propose(caller, command, deadlineNanos),
                Submission::reply,
                caller,
                command,
                bytes))
        : Optional.empty();
  }

  private <T> T counted(
      Supplier<T> submit,
      Function<T, CompletableFuture<Reply>> replyOf,
      Caller caller,
      Command command,
      long bytes) {
    try {
      T submitted = submit.get();
      var unusedEnd =
          replyOf
              .apply(submitted)
              .whenComplete(
                  (done, failure) -> {
                    ended(bytes, failure);
                    audit(caller, command, done, failure);
                  });
      return submitted;
    } catch (RuntimeException defect) {
      outstanding.leave(bytes);
      throw defect;
    }
  }

  private void audit(
      Caller caller, Command command, @Nullable Reply reply, @Nullable Throwable failure) {
    Audit into = audit;
    if (into.isOn()) {
      String address = addresses.apply(caller.sessionId());
      into.note(AuditEvent.ofWrite(caller, address, command, reply, failure));
    }
  }

  /**
   * Has all writes from now on written down.
   *
   * @param addresses where the client of a session is, or empty
   */
  public void auditBy(Audit into, LongFunction<String> addresses) {
    this.addresses = addresses;
    this.audit = into;
  }

  /**
   * Changes who the members are, or who leads, as {@link Consensus#administer} does.
   *
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   */
  public CompletableFuture<MemberOutcome> administer(MemberRequest request, long deadlineNanos) {
    CompletableFuture<MemberOutcome> done = consensus.administer(request, deadlineNanos);
    Audit into = audit;
    if (into.isOn()) {
      var unused =
          done.whenComplete(
              (outcome, failure) -> into.note(AuditEvent.ofMembers(request, outcome, failure)));
    }
    return done;
  }

  private void ended(long bytes, @Nullable Throwable failure) {
    outstanding.leave(bytes);
    if (failure == null) {
      caughtUp = true; // The replica applied it, and so all that was before it.
    }
  }

  /**
   * Answers {@code query} from this replica's state. Cancelling the future gives up. Until this
   * replica has caught up with the ensemble for the first time, every read is linearizable.
   *
   * @param caller who asks; the answer holds only what he may see
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   * @return the answer, rejections included; fails with {@code LIMIT_EXCEEDED}, or with an {@link
   *     UnavailableException} if the answer could not be as fresh as {@code options} ask, or if too
   *     many reads wait
   */
  public CompletableFuture<Answered> ask(
      Query query, Identities caller, ReadOptions options, long deadlineNanos) {
    CompletableFuture<Answered> answered = new CompletableFuture<>();
    try {
      requireServing(null);
      RequestLimits.check(query);
      CompletableFuture<Void> fresh = freshness(options, deadlineNanos);
      var unusedCancellation = answered.whenComplete((answer, failure) -> fresh.cancel(false));
      var unusedDispatch =
          fresh.whenComplete(
              (done, failure) -> {
                if (failure == null) {
                  dispatch(query, caller, deadlineNanos, answered);
                } else {
                  answered.completeExceptionally(failure);
                }
              });
    } catch (Rejection | UnavailableException refusal) {
      answered.completeExceptionally(refusal);
    }
    return answered;
  }

  /**
   * Completes with the zxid that this replica stands at, once it has applied all that was
   * acknowledged anywhere before this call. Fails as {@link Consensus#barrier} does.
   *
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   */
  public CompletableFuture<Long> sync(long deadlineNanos) {
    try {
      requireServing(null);
    } catch (UnavailableException refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
    return consensus.barrier(deadlineNanos).thenApply(done -> store.publishedZxid());
  }

  private CompletableFuture<Void> freshness(ReadOptions options, long deadlineNanos) {
    if (caughtUp && !options.linearizable()) {
      return waiters.reached(options.minZxid(), deadlineNanos);
    }
    CompletableFuture<Void> barrier = consensus.barrier(deadlineNanos);
    // After a barrier the wait is over at once, unless a caller names a zxid that nobody has seen.
    return barrier.thenCompose(
        done -> {
          caughtUp = true;
          return waiters.reached(options.minZxid(), deadlineNanos);
        });
  }

  private void dispatch(
      Query query, Identities caller, long deadlineNanos, CompletableFuture<Answered> answered) {
    CompletableFuture<Answered> answer =
        reads.onWorker(() -> answer(query, caller, deadlineNanos, answered));
    var unusedHandOn =
        answer.whenComplete(
            (done, failure) -> {
              if (failure == null) {
                answered.complete(done);
              } else {
                answered.completeExceptionally(failure);
              }
            });
  }

  private Answered answer(
      Query query, Identities caller, long deadlineNanos, CompletableFuture<Answered> answered) {
    if (answered.isDone()) {
      throw new CancellationException();
    }
    if (System.nanoTime() - deadlineNanos >= 0) {
      throw new UnavailableException(Reason.OVERLOADED, null, "the read's turn came too late");
    }
    return reads.answer(query, caller);
  }

  /**
   * The session {@code sessionId} as this replica has published it, which may be a moment behind.
   * Fails as {@link #askNow} does.
   */
  public CompletableFuture<Optional<Session>> session(long sessionId) {
    return reads.session(sessionId);
  }

  /** Whether {@link #askNow} is as fresh as {@code options} ask. */
  boolean isFresh(ReadOptions options) {
    return caughtUp && !options.linearizable() && store.publishedZxid() >= options.minZxid();
  }

  /**
   * Answers {@code query} from what is published at this moment, on the calling thread if it reads
   * one znode and memory holds that.
   *
   * @return the answer, rejections included; fails with {@code LIMIT_EXCEEDED}, or with an {@link
   *     UnavailableException} if too many reads wait
   */
  CompletableFuture<Answered> askNow(Query query, Identities caller) {
    try {
      requireServing(null);
      RequestLimits.check(query);
      return reads.now(query, caller);
    } catch (Rejection | UnavailableException refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
  }

  /**
   * Completes if {@code caller} may do what is for administrators, by the ACL of the root as this
   * replica has published it; fails with {@code NO_AUTH} if not, else as {@link #askNow} does.
   */
  public CompletableFuture<@Nullable Void> requireAdministrator(Identities caller) {
    try {
      requireServing(null);
    } catch (UnavailableException refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
    return reads.rootAcl().thenAccept(acl -> caller.require(Permission.ADMIN, acl, ZnodePath.ROOT));
  }

  /** Does {@code work}, which reads the store and may take long, on a thread that may wait. */
  <T> CompletableFuture<T> onWorker(Supplier<T> work) {
    return reads.onWorker(work);
  }

  /** The last zxid that readers here see. */
  public long publishedZxid() {
    return store.publishedZxid();
  }

  /** How long clients wait; who serves them notes it. */
  public RequestTimes requestTimes() {
    return requestTimes;
  }

  /** How many writes were submitted and are not answered. */
  public int outstandingWrites() {
    return outstanding.writes();
  }

  @Override
  public void measure(Measurements to) {
    requestTimes.measure(to);
    to.gauge(
        "quoll_writes_outstanding", "Writes taken and not yet answered.", outstanding.writes());
    to.gauge(
        "quoll_writes_outstanding_bytes",
        "Bytes of the writes taken and not yet answered.",
        outstanding.bytes());
    to.gauge("quoll_reads_queued", "Reads that wait for a thread.", workers.queued());
    to.gauge("quoll_reads_running", "Reads that have a thread.", workers.running());
    to.gauge("quoll_reads_awaiting_zxid", "Reads that wait for a zxid.", waiters.count());
  }

  private void requireServing(@Nullable Applied applied) {
    if (closed) {
      throw stopping(applied);
    }
  }

  private static UnavailableException stopping(@Nullable Applied applied) {
    return new UnavailableException(Reason.NOT_SERVING, applied, "the server is stopping");
  }

  /** Refuses all that comes from now on and fails the reads that wait. */
  @Override
  public void close() {
    closed = true;
    waiters.close();
    workers.close();
  }
}
