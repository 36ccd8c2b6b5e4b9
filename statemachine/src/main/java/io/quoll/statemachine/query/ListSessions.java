package io.quoll.statemachine.query;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateView;

/**
 * A page of the sessions, in the order of their ids.
 *
 * @param afterId the id after which the page begins; 0 for the first page
 * @param limit how many sessions at most; 0, and anything above {@link #PAGE_SESSIONS_MAX}, stand
 *     for that limit
 */
public record ListSessions(long afterId, int limit) implements Query {
  /** How many sessions one page has at most. */
  public static final int PAGE_SESSIONS_MAX = 1_000;

  @Override
  public Answer answerFrom(StateView state) {
    int most = limit <= 0 ? PAGE_SESSIONS_MAX : Math.min(limit, PAGE_SESSIONS_MAX);
    ImmutableList.Builder<Answer.SessionFound> page = ImmutableList.builder();
    int taken = 0;
    for (Session session : state.sessions()) {
      if (session.id() <= afterId) {
        continue;
      }
      if (taken == most) {
        return new Answer.Sessions(page.build(), true);
      }
      page.add(new Answer.SessionFound(session, state.ephemerals(session.id()).size()));
      taken++;
    }
    return new Answer.Sessions(page.build(), false);
  }
}
