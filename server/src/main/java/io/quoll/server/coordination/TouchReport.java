package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * What a replica tells the leader of the signs of life that it saw. Without any it is a sign of
 * life of the replica itself.
 */
@Immutable
public record TouchReport(ImmutableList<Touch> touches) {
  /**
   * A sign of life.
   *
   * @param sessionId the session
   * @param epoch the epoch that it belongs to, so that it does not count once the session was
   *     attached anew; 0 where the client showed the secret, which holds in any epoch
   * @param ageMillis how long ago it was when the report was made; both sides count this with their
   *     own monotonic clock, so that no two clocks are compared
   */
  @Immutable
  public record Touch(long sessionId, long epoch, long ageMillis) {}
}
