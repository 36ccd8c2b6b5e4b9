package io.quoll.server.consensus;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.EntryOutcome.Applied;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.store.InMemoryStore;

/** Tells proposals of an entry that was applied, as the state machine does. */
final class AppliedEntries {
  private AppliedEntries() {}

  /** An entry of these proposals, which leave an empty tree. */
  static ImmutableList<Outstanding.Completion> tell(
      Outstanding outstanding, ImmutableList<Applied> applied) {
    StateView state = new InMemoryStore().committed();
    for (Applied each : applied) {
      outstanding.applying(each.origin(), each.sequence(), state);
    }
    return outstanding.applied(applied);
  }
}
