package io.quoll.statemachine.query;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.ZnodePath;

/**
 * A page of the sessions, in the order of their ids; {@code NO_AUTH} without ADMIN on the root.
 *
 * @param afterId the id after which the page begins; 0 for the first page
 * @param limit how many sessions at most; 0, and anything above {@link #PAGE_SESSIONS_MAX}, stand
 *     for that limit
 */
public record ListSessions(long afterId, int limit) implements Query {
  /** How many sessions one page has at most. */
  public static final int PAGE_SESSIONS_MAX = 1_000;

  @Override
  public Answer answerFrom(StateView state, Identities caller) {
    caller.require(Permission.ADMIN, state.require(ZnodePath.ROOT).acl(), ZnodePath.ROOT);
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
