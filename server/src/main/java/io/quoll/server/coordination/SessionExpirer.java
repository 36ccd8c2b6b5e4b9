package io.quoll.server.coordination;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.Consensus.Standing;
import io.quoll.server.coordination.TouchReport.Touch;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.store.StateStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the sessions that were silent for longer than their timeout, while this replica leads. How
 * long they have been silent is known here and nowhere else: a new leader grants each a full
 * timeout. Time is {@link LeaderTime}, which stands still while the leader could not have heard a
 * sign of life. (ADR 0014.)
 *
 * <p>Thread-safe.
 */
public final class SessionExpirer implements AppliedListener, TouchReceiver, Measured {
  /** The most sessions that are being closed at one time. */
  static final int EXPIRIES_MAX = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(SessionExpirer.class);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);
  private static final long NOT_LEADING = 0;

  /** The most sessions that the log names at once. */
  private static final int TOLD_MAX = 20;

  private final Consensus consensus;
  private final StateStore store;
  private final SessionTiming timing;
  private final LongSupplier nanos;
  private final LongAdder expired = new LongAdder();
  private volatile Audit audit = Audit.OFF;

  @GuardedBy("this")
  private final Map<Long, Life> lives = new HashMap<>();

  @GuardedBy("this")
  private final LeaderTime time;

  @GuardedBy("this")
  private long term = NOT_LEADING;

  // Tells what was decided before this replica led the last time from what was decided since.
  @GuardedBy("this")
  private long leadership;

  @GuardedBy("this")
  private int expiring;

  /** What the leader knows of one session. Confined to the lock of the expirer. */
  private static final class Life {
    private long epoch;
    private long timeoutNanos;
    private long touchedNanos;
    private boolean expiring;

    private Life(long epoch, long timeoutMillis, long touchedNanos) {
      this.epoch = epoch;
      this.timeoutNanos = MILLISECONDS.toNanos(timeoutMillis);
      this.touchedNanos = touchedNanos;
    }

    private void touch(long atNanos) {
      if (atNanos - touchedNanos > 0) {
        touchedNanos = atNanos;
      }
    }
  }

  /** The close of a session that was decided on. */
  private record Expiry(long sessionId, long epoch, long term, long leadership, Life life) {}

  /**
   * Knows of no session until this replica leads.
   *
   * @param nanos the time, as {@link System#nanoTime} tells it; no other clock has a say
   */
  public SessionExpirer(
      Consensus consensus, StateStore store, SessionTiming timing, LongSupplier nanos) {
    this.consensus = consensus;
    this.store = store;
    this.timing = timing;
    this.nanos = nanos;
    this.time = new LeaderTime(nanos, timing.interval());
  }

  /** Closes the sessions that are due, if this replica leads. To be called once an interval. */
  public void check() {
    if (takeBearings() != NOT_LEADING) {
      ImmutableList<Expiry> due = due();
      if (!due.isEmpty()) {
        LOG.info(
            "Closing {} sessions that were silent for longer than their timeout: {}",
            due.size(),
            due.stream().limit(TOLD_MAX).map(Expiry::sessionId).toList());
      }
      due.forEach(this::expire);
    }
  }

  /** The term in which this replica leads and is heard by a majority; 0 if it does not. */
  private long takeBearings() {
    Standing standing = consensus.standing();
    boolean leads = standing.role() == Role.LEADER || standing.role() == Role.STANDALONE;
    boolean quorum = consensus.hasQuorum();
    synchronized (this) {
      if (!leads) {
        resign();
        return NOT_LEADING;
      }
      time.setHeard(quorum);
      if (!quorum) {
        return NOT_LEADING;
      }
      if (term == standing.term()) {
        return term;
      }
      resign();
      term = standing.term();
    }
    // From here on what is opened, attached and closed is heard of; now what was there before.
    grantAll();
    return standing.term();
  }

  @GuardedBy("this")
  private void resign() {
    term = NOT_LEADING;
    leadership++;
    lives.clear();
    expiring = 0;
  }

  private void grantAll() {
    ImmutableList<Session> sessions;
    try (StateStore.View view = store.view()) {
      sessions = view.sessions();
    }
    synchronized (this) {
      long now = time.now();
      for (Session session : sessions) {
        live(session.id(), session.epoch(), session.timeoutMillis(), now);
      }
    }
  }

  @GuardedBy("this")
  private void live(long sessionId, long epoch, long timeoutMillis, long now) {
    Life life = lives.get(sessionId);
    if (life == null) {
      lives.put(sessionId, new Life(epoch, timeoutMillis, now));
    } else if (epoch >= life.epoch) {
      life.epoch = epoch;
      life.timeoutNanos = MILLISECONDS.toNanos(timeoutMillis);
      life.touch(now);
    }
  }

  private synchronized ImmutableList<Expiry> due() {
    long now = time.now();
    long slack = timing.slack().toNanos();
    ImmutableList.Builder<Expiry> due = ImmutableList.builder();
    for (Map.Entry<Long, Life> entry : lives.entrySet()) {
      Life life = entry.getValue();
      boolean silent = now - life.touchedNanos > life.timeoutNanos + slack;
      if (silent && !life.expiring && expiring < EXPIRIES_MAX) {
        life.expiring = true;
        expiring++;
        due.add(new Expiry(entry.getKey(), life.epoch, term, leadership, life));
      }
    }
    return due.build();
  }

  private void expire(Expiry expiry) {
    CloseSession close = new CloseSession(expiry.sessionId(), expiry.epoch());
    var unused =
        consensus
            .submit(Caller.leader(expiry.term()), close, nanos.getAsLong() + CLOSE_MAX.toNanos())
            .whenComplete((reply, failure) -> ended(expiry, reply, failure));
  }

  /** By when each session that this replica knows as leader has to give a sign of life. */
  public synchronized ImmutableMap<Long, Duration> remaining() {
    ImmutableMap.Builder<Long, Duration> remaining = ImmutableMap.builder();
    if (term != NOT_LEADING) {
      long now = time.now();
      lives.forEach(
          (id, life) ->
              remaining.put(id, Duration.ofNanos(life.timeoutNanos - (now - life.touchedNanos))));
    }
    return remaining.buildOrThrow();
  }

  /** Has the ends of sessions from now on written down. */
  public void auditBy(Audit into) {
    audit = into;
  }

  @Override
  public void measure(Measurements to) {
    to.counter(
        "quoll_sessions_expired_total",
        "Sessions that this server, as leader, ended because they were silent.",
        expired.sum());
  }

  /** Lets a session be closed again that is still there; it may have come back meanwhile. */
  private synchronized void ended(
      Expiry expiry, @Nullable Reply reply, @Nullable Throwable failure) {
    if (audit.isOn()) {
      audit.note(AuditEvent.ofSessionEnd("expireSession", "", expiry.sessionId(), reply, failure));
    }
    if (reply != null && reply.result() instanceof Result.SessionClosed) {
      expired.increment();
    }
    if (leadership != expiry.leadership()) {
      return; // What was known then is forgotten.
    }
    expiring--;
    expiry.life().expiring = false;
    boolean gone =
        reply != null
            && reply.result() instanceof Result.Rejected rejected
            && rejected.code() == ErrorCode.SESSION_EXPIRED;
    if (gone) {
      lives.remove(expiry.sessionId(), expiry.life());
    }
  }

  /**
   * Takes a report. A touch counts from when it happened, not from when it is heard of.
   *
   * @throws UnavailableException {@code NO_QUORUM} if this replica does not lead, or if no majority
   *     answers it: then another may lead, and what is reported here is lost
   */
  @Override
  public long onTouches(TouchReport report) {
    long current = takeBearings();
    if (current == NOT_LEADING) {
      throw new UnavailableException(Reason.NO_QUORUM, null, "this server does not lead");
    }
    synchronized (this) {
      long now = time.now();
      for (Touch touch : report.touches()) {
        Life life = lives.get(touch.sessionId());
        if (life != null && (touch.epoch() == 0 || touch.epoch() == life.epoch)) {
          life.touch(now - MILLISECONDS.toNanos(touch.ageMillis()));
        }
      }
    }
    return current;
  }

  @Override
  public void onCommitted(EntryOutcome outcome) {
    // A session counts once it is published.
  }

  @Override
  public synchronized void onPublished(EntryOutcome outcome) {
    if (term == NOT_LEADING) {
      return;
    }
    for (EntryOutcome.Applied applied : outcome.applied()) {
      if (applied.result() instanceof Result.SessionOpened opened) {
        live(opened.sessionId(), opened.epoch(), opened.timeoutMillis(), time.now());
      } else if (applied.result() instanceof Result.SessionAttached attached) {
        live(attached.sessionId(), attached.epoch(), attached.timeoutMillis(), time.now());
      } else if (applied.result() instanceof Result.SessionClosed closed) {
        lives.remove(closed.sessionId());
      }
    }
  }

  @Override
  public void onRestored(long zxid) {
    // A leader takes no snapshot over, and whoever leads next asks the store.
  }
}
