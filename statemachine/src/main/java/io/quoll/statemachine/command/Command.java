package io.quoll.statemachine.command;

import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateTransaction;

/** A change that is agreed on, and that every replica applies, in the same order. */
@Immutable
public sealed interface Command
    permits AttachSession,
        Barrier,
        Check,
        CloseSession,
        CountQuota,
        Create,
        Delete,
        DeleteIfUnused,
        DeleteRecursive,
        Multi,
        OpenSession,
        Refuse,
        RegisterServer,
        RemoveQuota,
        SetAcl,
        SetData,
        SetQuota {
  /**
   * Checks this command against {@code state} and records its changes there.
   *
   * @throws Rejection if the command cannot be done; what it recorded by then is dropped
   */
  Result applyTo(StateTransaction state);
}
