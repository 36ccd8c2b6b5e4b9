package io.quoll.server.coordination;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.server.coordination.TouchReport.Touch;
import io.quoll.server.coordination.UnavailableException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the leader of the signs of life that this replica saw, in one message an interval however
 * many they are. What a report that failed has told is told again by the next. A replica that the
 * leader does not hear ends its sessions, so that they go where they are heard. (ADR 0014.)
 *
 * <p>Thread-safe.
 */
public final class TouchReporter {
  private static final long NEVER = -1;

  private final Sessions sessions;
  private final Consensus consensus;
  private final SessionTiming timing;
  private final LongSupplier nanos;

  @GuardedBy("this")
  private boolean underWay;

  // When the first report was made of those that the leader did not acknowledge.
  @GuardedBy("this")
  private boolean unheard;

  @GuardedBy("this")
  private long unheardSinceNanos;

  // A leader of another term may have missed what its predecessor acknowledged.
  @GuardedBy("this")
  private long toldAllInTerm = NEVER;

  /** What one report told. */
  private record Told(
      ImmutableList<Sign> signs, ImmutableMap<Long, Long> loose, TouchReport report, boolean all) {}

  private record Sign(SessionHold hold, long touchedNanos) {}

  /**
   * Reports of {@code sessions}.
   *
   * @param nanos the time, as {@link System#nanoTime} tells it
   */
  public TouchReporter(
      Sessions sessions, Consensus consensus, SessionTiming timing, LongSupplier nanos) {
    this.sessions = sessions;
    this.consensus = consensus;
    this.timing = timing;
    this.nanos = nanos;
  }

  /** Reports, unless a report is under way. To be called once an interval. */
  public void report() {
    long now = nanos.getAsLong();
    Told told = begin(now);
    if (told != null) {
      var unused =
          consensus
              .reportTouches(told.report(), callMillis())
              .whenComplete((term, failure) -> end(told, failure == null ? term : NEVER));
    }
    endWhatIsUnheard(nanos.getAsLong());
  }

  // A call to a member that vanished must not stand in the way of those to its successor.
  private long callMillis() {
    return 2 * timing.interval().toMillis() + 1;
  }

  private @Nullable Told begin(long now) {
    boolean all;
    synchronized (this) {
      if (underWay) {
        return null;
      }
      underWay = true;
      if (!unheard) {
        unheard = true;
        unheardSinceNanos = now;
      }
      all = consensus.term() != toldAllInTerm;
    }
    return collect(now, all);
  }

  private Told collect(long now, boolean all) {
    List<Sign> signs = new ArrayList<>();
    ImmutableList.Builder<Touch> touches = ImmutableList.builder();
    for (SessionHold hold : sessions.holds()) {
      if (all || hold.isTouchUnreported()) {
        long touchedNanos = hold.touchedNanos();
        signs.add(new Sign(hold, touchedNanos));
        touches.add(new Touch(hold.sessionId(), hold.epoch(), ageMillis(now, touchedNanos)));
      }
    }
    ImmutableMap<Long, Long> loose = sessions.looseTouches();
    loose.forEach((id, touched) -> touches.add(new Touch(id, 0, ageMillis(now, touched))));
    return new Told(ImmutableList.copyOf(signs), loose, new TouchReport(touches.build()), all);
  }

  private static long ageMillis(long now, long touchedNanos) {
    return Math.max(0, NANOSECONDS.toMillis(now - touchedNanos));
  }

  private synchronized void end(Told told, long term) {
    underWay = false;
    if (term == NEVER) {
      return;
    }
    unheard = false;
    if (told.all()) {
      toldAllInTerm = term;
    }
    told.signs().forEach(sign -> sign.hold().reported(sign.touchedNanos()));
    sessions.looseTouchesReported(told.loose());
  }

  private void endWhatIsUnheard(long now) {
    long since;
    synchronized (this) {
      if (!unheard) {
        return;
      }
      since = unheardSinceNanos;
    }
    for (SessionHold hold : sessions.holds()) {
      // Whoever was attached since has come by the leader.
      long silence = now - (hold.attachedNanos() - since > 0 ? hold.attachedNanos() : since);
      if (silence > timing.silenceMax(hold.timeoutMillis()).toNanos()) {
        sessions.end(hold, noQuorum());
      }
    }
  }

  private static UnavailableException noQuorum() {
    return new UnavailableException(
        Reason.NO_QUORUM, null, "the leader does not hear of signs of life at this server");
  }
}
