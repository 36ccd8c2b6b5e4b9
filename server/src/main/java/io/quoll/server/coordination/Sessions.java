package io.quoll.server.coordination;

import static java.util.Objects.requireNonNull;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.command.AttachSession;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.store.StateStore;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that are attached at this replica. They are opened, attached and closed through the
 * log; what the log says of them since is heard as it is applied, so that a session that was
 * attached elsewhere, or closed, ends here. (ADR 0010.)
 *
 * <p>Thread-safe; no method blocks.
 */
public final class Sessions implements AppliedListener, Measured, AutoCloseable {
  /** The most sessions that are attached here at one time. */
  public static final int HOLDS_MAX = 50_000;

  /** The most sessions without a stream here whose signs of life wait to be reported. */
  static final int LOOSE_TOUCHES_MAX = 50_000;

  private final Consensus consensus;
  private final StateStore store;
  private final SessionCloser closer;
  private final SessionTiming timing;
  private final LongSupplier nanos;
  private final int holdsMax;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger underWay = new AtomicInteger();

  private final SessionHolds holds = new SessionHolds();
  private final Map<Long, Long> looseTouches = new ConcurrentHashMap<>();
  private volatile Audit audit = Audit.OFF;
  private volatile boolean closed;

  /** No sessions yet, of a replica that proposes by {@code consensus} and applies to a store. */
  public Sessions(Consensus consensus, StateStore store, SessionTiming timing) {
    this(consensus, store, timing, System::nanoTime, HOLDS_MAX);
  }

  @VisibleForTesting
  Sessions(
      Consensus consensus,
      StateStore store,
      SessionTiming timing,
      LongSupplier nanos,
      int holdsMax) {
    this.consensus = consensus;
    this.store = store;
    this.closer = new SessionCloser(consensus, store);
    this.timing = timing;
    this.nanos = nanos;
    this.holdsMax = holdsMax;
  }

  /**
   * Opens a session; the timeout is taken into its limits. Whoever loses interest cancels the
   * future.
   *
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   * @return the session; fails with {@link UnavailableException}, {@code OVERLOADED} if {@link
   *     #HOLDS_MAX} are attached here, and with what {@link #attach} says of sessions that end
   *     before they are there
   */
  public CompletableFuture<SessionHold> open(
      long timeoutMillis, SessionHolder holder, long deadlineNanos) {
    ByteString secret = newSecret();
    Command command = new OpenSession(secret, timing.agreedMillis(timeoutMillis));
    CompletableFuture<SessionHold> opened =
        propose(command, deadlineNanos, reply -> opened(reply, secret, holder));
    // The caller cancels that very future.
    var unused =
        opened.whenComplete((hold, failure) -> audit("openSession", 0, holder, hold, failure));
    return opened;
  }

  private ByteString newSecret() {
    byte[] secret = new byte[Session.SECRET_BYTES];
    random.nextBytes(secret);
    return ByteString.copyFrom(secret);
  }

  private SessionHold opened(Reply reply, ByteString secret, SessionHolder holder) {
    Result.SessionOpened opened = reply.expect(Result.SessionOpened.class);
    return new SessionHold(
        opened.sessionId(),
        secret,
        opened.epoch(),
        opened.timeoutMillis(),
        0,
        reply.zxid(),
        holder,
        nanos);
  }

  /**
   * Attaches a session; whoever held it, here or elsewhere, hears {@code SESSION_MOVED}. Whoever
   * loses interest cancels the future.
   *
   * @param timeoutMillis what the client asks for, 0 to leave what was agreed
   * @param lastZxid the last zxid that the client saw
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   * @return the session; fails with {@link Rejection}: {@code SESSION_EXPIRED} if it is gone,
   *     {@code AUTH_FAILED} if the secret is another, which disturbs nobody, {@code SESSION_MOVED}
   *     if it was attached anew since; and with {@link UnavailableException}: {@code BEHIND} if the
   *     ensemble never had {@code lastZxid}, {@code OVERLOADED} if {@link #HOLDS_MAX} are attached
   *     here, {@code NO_QUORUM} and {@code NOT_SERVING}
   */
  public CompletableFuture<SessionHold> attach(
      long sessionId,
      ByteString secret,
      long timeoutMillis,
      long lastZxid,
      SessionHolder holder,
      long deadlineNanos) {
    CompletableFuture<SessionHold> attached =
        attachUnaudited(sessionId, secret, timeoutMillis, lastZxid, holder, deadlineNanos);
    var unused =
        attached.whenComplete(
            (hold, failure) -> audit("attachSession", sessionId, holder, hold, failure));
    return attached;
  }

  private CompletableFuture<SessionHold> attachUnaudited(
      long sessionId,
      ByteString secret,
      long timeoutMillis,
      long lastZxid,
      SessionHolder holder,
      long deadlineNanos) {
    if (isWrongSecret(sessionId, secret)) {
      return CompletableFuture.failedFuture(
          new Rejection(ErrorCode.AUTH_FAILED, "", "the secret is not that of the session"));
    }
    long agreed = timeoutMillis == 0 ? 0 : timing.agreedMillis(timeoutMillis);
    return propose(
        new AttachSession(sessionId, secret, agreed),
        deadlineNanos,
        reply -> attached(reply, secret, lastZxid, holder));
  }

  // A secret never changes, so a wrong one that is known to be wrong costs no log entry.
  private boolean isWrongSecret(long sessionId, ByteString secret) {
    if (secret.size() != Session.SECRET_BYTES) {
      return true;
    }
    try (StateStore.View view = store.view()) {
      return view.session(sessionId).filter(known -> !known.secret().equals(secret)).isPresent();
    }
  }

  private SessionHold attached(
      Reply reply, ByteString secret, long lastZxid, SessionHolder holder) {
    Result.SessionAttached attached = reply.expect(Result.SessionAttached.class);
    // The attachment is later than all that the client can have seen of this ensemble.
    if (lastZxid > reply.zxid()) {
      throw new UnavailableException(
          Reason.BEHIND,
          null,
          "the client saw zxid %d, and this ensemble has come to %d only"
              .formatted(lastZxid, reply.zxid()));
    }
    return new SessionHold(
        attached.sessionId(),
        secret,
        attached.epoch(),
        attached.timeoutMillis(),
        attached.lastCxid(),
        reply.zxid(),
        holder,
        nanos);
  }

  private CompletableFuture<SessionHold> propose(
      Command command, long deadlineNanos, Function<Reply, SessionHold> toHold) {
    if (closed) {
      return CompletableFuture.failedFuture(SessionEnd.notServing(Applied.NO));
    }
    if (underWay.incrementAndGet() + holds.size() > holdsMax) {
      underWay.decrementAndGet();
      return CompletableFuture.failedFuture(
          new UnavailableException(
              Reason.OVERLOADED,
              Applied.NO,
              "this server holds " + holdsMax + " sessions, and takes no more"));
    }
    CompletableFuture<SessionHold> done = new CompletableFuture<>();
    var unused =
        consensus
            .submit(Caller.ANONYMOUS, command, deadlineNanos)
            .thenApply(toHold)
            .whenComplete((hold, failure) -> finish(hold, failure, done));
    return done;
  }

  private void finish(
      @Nullable SessionHold hold,
      @Nullable Throwable failure,
      CompletableFuture<SessionHold> done) {
    try {
      if (hold == null) {
        done.completeExceptionally(cause(requireNonNull(failure)));
        return;
      }
      admit(hold);
      if (!done.complete(hold)) { // Nobody is there any more.
        release(hold);
      }
    } catch (RuntimeException refusal) {
      done.completeExceptionally(refusal);
    } finally {
      underWay.decrementAndGet();
    }
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  /**
   * Lets {@code hold} be found, and then looks whether it is of the present. Whatever is published
   * after that look finds the hold, so nothing is missed.
   */
  private void admit(SessionHold hold) {
    holds.enlist(hold).ifPresent(former -> former.holder().onEnd(SessionEnd.moved()));
    Optional<RuntimeException> end =
        closed ? Optional.of(SessionEnd.notServing(null)) : publishedEnd(hold);
    if (end.isPresent()) {
      holds.remove(hold);
      throw end.get();
    }
  }

  private Optional<RuntimeException> publishedEnd(SessionHold hold) {
    try (StateStore.View view = store.view()) {
      return SessionEnd.of(hold, view);
    }
  }

  /**
   * Ends the session of {@code hold}; the holder's onEnd is not called for it.
   *
   * @return the reply, rejections included, as that of {@link Consensus#submit}
   */
  public CompletableFuture<Reply> close(SessionHold hold, long deadlineNanos) {
    hold.setClosing(true);
    return consensus
        .submit(Caller.ANONYMOUS, new CloseSession(hold.sessionId(), hold.epoch()), deadlineNanos)
        .whenComplete(
            (reply, failure) -> {
              closed(hold, reply);
              auditEnd("closeSession", hold.sessionId(), hold.holder(), reply, failure);
            });
  }

  private void closed(SessionHold hold, @Nullable Reply reply) {
    if (reply != null && reply.result() instanceof Result.SessionClosed) {
      holds.remove(hold);
      return;
    }
    // The client hears of the failure. Whatever ended the session meanwhile is made up for.
    hold.setClosing(false);
    publishedEnd(hold).ifPresent(reason -> end(hold, reason));
  }

  /**
   * Ends a session as its client would, whoever holds it.
   *
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   * @return the reply; fails with {@code SESSION_EXPIRED} if there is no such session, with {@code
   *     SESSION_MOVED} if it was attached anew each time that this tried, else as {@link
   *     Consensus#submit} does
   */
  public CompletableFuture<Reply> end(long sessionId, long deadlineNanos) {
    if (closed) {
      return CompletableFuture.failedFuture(SessionEnd.notServing(Applied.NO));
    }
    return closer
        .close(sessionId, deadlineNanos)
        .whenComplete((reply, failure) -> auditEnd("endSession", sessionId, null, reply, failure));
  }

  /** Has what becomes of sessions from now on written down. */
  public void auditBy(Audit into) {
    audit = into;
  }

  /** Where the client of a session is that is attached here, as {@code host:port}, or empty. */
  public String clientAddress(long sessionId) {
    SessionHold hold = sessionId == 0 ? null : holds.find(sessionId);
    return hold == null ? "" : hold.holder().clientAddress();
  }

  private void audit(
      String operation,
      long sessionId,
      SessionHolder holder,
      @Nullable SessionHold hold,
      @Nullable Throwable failure) {
    if (!audit.isOn()) {
      return;
    }
    audit.note(
        hold == null
            ? AuditEvent.ofSession(
                operation, holder.clientAddress(), sessionId, AuditEvent.codeOf(failure), 0, "")
            : AuditEvent.ofSession(
                operation,
                holder.clientAddress(),
                hold.sessionId(),
                AuditEvent.OK,
                hold.zxid(),
                "timeout " + hold.timeoutMillis() + " ms"));
  }

  private void auditEnd(
      String operation,
      long sessionId,
      @Nullable SessionHolder holder,
      @Nullable Reply reply,
      @Nullable Throwable failure) {
    if (audit.isOn()) {
      String address = holder == null ? "" : holder.clientAddress();
      audit.note(AuditEvent.ofSessionEnd(operation, address, sessionId, reply, failure));
    }
  }

  /** The stream is gone; the session waits to be attached anew, or for its timeout. */
  public void release(SessionHold hold) {
    holds.remove(hold);
  }

  /**
   * Notes a sign of life of a session, which need not be attached here. Only for callers who have
   * shown its secret.
   */
  public void touch(long sessionId) {
    SessionHold hold = holds.find(sessionId);
    if (hold != null) {
      hold.touch();
    } else if (looseTouches.size() < LOOSE_TOUCHES_MAX) {
      looseTouches.put(sessionId, nanos.getAsLong());
    }
  }

  /** Whether the session is attached at this replica. */
  public boolean isHeld(long sessionId) {
    return holds.contains(sessionId);
  }

  /** How many watches the stream has that holds the session here; 0 if none does. */
  public int watches(long sessionId) {
    SessionHold hold = holds.find(sessionId);
    return hold == null ? 0 : hold.holder().watches();
  }

  /** The sessions that are attached here at this moment. */
  public ImmutableList<SessionHold> holds() {
    return holds.all();
  }

  @Override
  public void measure(Measurements to) {
    to.gauge("quoll_sessions_here", "Sessions attached at this server.", holds.size());
  }

  /** The sessions that are not attached here and gave a sign of life here, and when. */
  ImmutableMap<Long, Long> looseTouches() {
    return ImmutableMap.copyOf(looseTouches);
  }

  /** Notes that the leader has heard of {@code touches}, which {@link #looseTouches} told. */
  void looseTouchesReported(Map<Long, Long> touches) {
    touches.forEach(looseTouches::remove);
  }

  /** Ends {@code hold} and tells its holder, unless it is over already. */
  void end(SessionHold hold, RuntimeException reason) {
    holds.end(hold, reason);
  }

  @Override
  public void onCommitted(EntryOutcome outcome) {
    // A holder is told of its end after the events, and those are told of when this is called.
  }

  @Override
  public void onPublished(EntryOutcome outcome) {
    for (EntryOutcome.Applied applied : outcome.applied()) {
      if (applied.result() instanceof Result.SessionAttached attached) {
        SessionHold hold = holds.find(attached.sessionId());
        if (hold != null && hold.epoch() < attached.epoch()) {
          end(hold, SessionEnd.moved());
        }
      } else if (applied.result() instanceof Result.SessionClosed ended) {
        closed(ended.sessionId());
      }
    }
  }

  private void closed(long sessionId) {
    looseTouches.remove(sessionId);
    SessionHold hold = holds.find(sessionId);
    if (hold != null && !hold.isClosing()) {
      end(hold, SessionEnd.expired(sessionId));
    }
  }

  @Override
  public void onRestored(long zxid) {
    StateView state = store.committed();
    for (SessionHold hold : holds.all()) {
      SessionEnd.of(hold, state).ifPresent(reason -> end(hold, reason));
    }
  }

  /** Ends all that is attached here with {@code NOT_SERVING}, and takes no more. */
  @Override
  public void close() {
    closed = true;
    holds.all().forEach(hold -> end(hold, SessionEnd.notServing(null)));
  }
}
