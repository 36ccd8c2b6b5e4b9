package io.quoll.server;

import io.quoll.server.consensus.ConsensusConfig;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.store.HistoryLimits;
import io.quoll.statemachine.store.StateStore;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** Makes the two parts of a node that reach the disk and the other nodes; tests make others. */
interface ReplicaFactory {
  /**
   * A replica's part in the ensemble, and how to start and end it.
   *
   * @param start takes part from here on
   * @param stop hands leadership over, takes a snapshot and leaves
   * @param lastAliveNanos when its threads were last seen to get on, by {@link System#nanoTime};
   *     asked between start and stop only
   */
  record Replica(Consensus consensus, Runnable start, Runnable stop, LongSupplier lastAliveNanos) {}

  /**
   * Opens the store that is kept in {@code dataDirectory}; makes a fresh one where none is.
   *
   * @param history how much history it keeps
   */
  StateStore openStore(Path dataDirectory, HistoryLimits history);

  /** Prepares the replica, which applies to {@code store} and tells {@code listener}. */
  Replica prepare(
      ConsensusConfig config, StateStore store, AppliedListener listener, FatalHandler fatal);
}
