package io.quoll.statemachine.query;

import static com.google.common.collect.ImmutableList.toImmutableList;

import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.ZnodePath;

/**
 * The paths of the ephemeral znodes of a session, which are the caller's own, whatever their ACLs.
 * (ZooKeeper: getEphemerals.)
 *
 * @param sessionId the session; one that is gone has none
 * @param prefix the characters that the paths begin with, which need not end at a slash
 */
public record GetEphemerals(long sessionId, String prefix) implements Query {
  @Override
  public Answer answerFrom(StateView state, Identities caller) {
    return new Answer.Paths(
        state.ephemerals(sessionId).stream()
            .map(ZnodePath::value)
            .filter(path -> path.startsWith(prefix))
            .sorted()
            .collect(toImmutableList()));
  }
}
