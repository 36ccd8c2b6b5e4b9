package io.quoll.server.consensus;

import io.quoll.server.consensus.PeerMessages.Acquaintance;
import io.quoll.server.consensus.PeerMessages.Introduction;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;

/**
 * Tells a server that starts with an empty data directory what this replica knows of it. (ADR
 * 0009.)
 *
 * <p>It must not answer from a state that is behind what this replica itself acknowledged. After a
 * restart it is: the store stands at the last snapshot, and the log goes further. Thread-safe.
 */
final class Acquaintances {
  /** How this replica stands in the Raft group. */
  interface Raft {
    /** Whether the log never held an entry. */
    boolean isLogEmpty();

    /** The number of the leader that this replica knows of, or 0. */
    int leaderId();

    /** The current term. */
    long term();

    /** The last entry that the log held when this replica started. */
    Position logEndAtStart();
  }

  private final Raft raft;
  private final StateStore store;

  Acquaintances(Raft raft, StateStore store) {
    this.raft = raft;
    this.store = store;
  }

  /**
   * What is known of the server that introduces itself.
   *
   * @throws IllegalStateException if this replica may be behind what it acknowledged; it will
   *     answer later
   */
  Acquaintance answer(Introduction introduction) {
    if (raft.isLogEmpty()) {
      return Acquaintance.NOT_FORMED;
    }
    if (raft.leaderId() == 0 || !hasAppliedWhatItAcknowledged()) {
      throw new IllegalStateException("the server has not caught up with a leader");
    }
    try (StateStore.View view = store.view()) {
      return view.server(introduction.serverId())
              .map(ServerRecord::directoryId)
              .filter(known -> !known.isEmpty() && !known.equals(introduction.directoryId()))
              .isPresent()
          ? Acquaintance.KNOWN
          : Acquaintance.UNKNOWN;
    }
  }

  private boolean hasAppliedWhatItAcknowledged() {
    Position applied = store.position();
    Position end = raft.logEndAtStart();
    if (applied.term() < raft.term()) {
      return false;
    }
    // An entry of a later term comes after all that a leader of that term let this log keep.
    return applied.term() > end.term() || applied.index() >= end.index();
  }
}
