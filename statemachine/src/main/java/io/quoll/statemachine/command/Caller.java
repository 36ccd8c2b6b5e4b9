package io.quoll.statemachine.command;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * On whose behalf a command is proposed. Travels in the log, so that all checks happen in apply.
 *
 * @param sessionId the session, or 0 for none
 * @param sessionEpoch how often the session was attached; a command of an older epoch is refused
 * @param cxid the session's number of this write, without gaps from 1 on, or 0 for none: such a
 *     write is applied as often as it is proposed
 * @param firstUnacknowledgedCxid the replies below it need not be kept any longer
 * @param identities who the caller has proved to be
 */
@Immutable
public record Caller(
    long sessionId,
    long sessionEpoch,
    long cxid,
    long firstUnacknowledgedCxid,
    ImmutableList<Identity> identities) {
  /** Whether a session proposes. */
  public boolean hasSession() {
    return sessionId != 0;
  }

  /** Whether the write is one of those that a session numbers. */
  public boolean isNumbered() {
    return cxid != 0;
  }

  /** A caller without a session who has proved nothing. */
  public static final Caller ANONYMOUS = new Caller(0, 0, 0, 0, ImmutableList.of());

  /**
   * Somebody, as a scheme of authentication knows him.
   *
   * @param scheme the scheme, such as {@code digest}
   * @param id the identity, in the scheme's form
   */
  @Immutable
  public record Identity(String scheme, String id) {}
}
