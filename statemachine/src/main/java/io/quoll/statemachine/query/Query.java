package io.quoll.statemachine.query;

import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateView;

/** A question about the tree, answered by one replica from its own state. */
@Immutable
public sealed interface Query
    permits CountDescendants,
        Exists,
        GetAcl,
        GetChildren,
        GetData,
        GetEphemerals,
        GetQuota,
        ListSessions,
        MultiRead {
  /**
   * Answers this query from {@code state}.
   *
   * @param caller who asks; sees only what he may
   * @throws Rejection if there is no such answer
   */
  Answer answerFrom(StateView state, Identities caller);
}
