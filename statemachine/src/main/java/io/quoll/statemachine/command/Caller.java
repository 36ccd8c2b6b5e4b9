package io.quoll.statemachine.command;

import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Identities;

/**
 * On whose behalf a command is proposed. Travels in the log, so that all checks happen in apply.
 *
 * @param sessionId the session, or 0 for none
 * @param sessionEpoch how often the session was attached; a command of an older epoch is refused
 * @param cxid the session's number of this write, without gaps from 1 on, or 0 for none: such a
 *     write is applied as often as it is proposed
 * @param firstUnacknowledgedCxid the replies below it need not be kept any longer
 * @param leaderTerm 0, or the Raft term of the leader that proposes on its own account: what it
 *     decided does not outlast its term, and is dropped in an entry of any other
 * @param identities who the caller has proved to be
 */
@Immutable
public record Caller(
    long sessionId,
    long sessionEpoch,
    long cxid,
    long firstUnacknowledgedCxid,
    long leaderTerm,
    Identities identities) {
  /** A caller without a session who has proved nothing. */
  public static final Caller ANONYMOUS = unattached(Identities.NONE);

  /** Whether a session proposes. */
  public boolean hasSession() {
    return sessionId != 0;
  }

  /** Whether the write is one of those that a session numbers. */
  public boolean isNumbered() {
    return cxid != 0;
  }

  /** A caller without a session. */
  public static Caller unattached(Identities identities) {
    return new Caller(0, 0, 0, 0, 0, identities);
  }

  /** The leader of {@code term}, which is not 0. */
  public static Caller leader(long term) {
    return new Caller(0, 0, 0, 0, term, Identities.NONE);
  }

  /** The attachment {@code epoch} of a session, with a numbered write. */
  public static Caller session(
      long id, long epoch, long cxid, long firstUnacknowledgedCxid, Identities identities) {
    return new Caller(id, epoch, cxid, firstUnacknowledgedCxid, 0, identities);
  }

  /** Whether what is proposed may still be applied in an entry of {@code term}. */
  boolean isCurrentIn(long term) {
    return leaderTerm == 0 || leaderTerm == term;
  }
}
