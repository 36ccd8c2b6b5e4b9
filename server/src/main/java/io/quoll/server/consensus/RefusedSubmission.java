package io.quoll.server.consensus;

import io.quoll.server.coordination.Consensus;
import io.quoll.statemachine.state.StateView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A command that was never proposed. Thread-safe.
 *
 * @param reply fails with the reason
 */
record RefusedSubmission(CompletableFuture<Consensus.Reply> reply) implements Consensus.Submission {
  RefusedSubmission(RuntimeException reason) {
    this(CompletableFuture.failedFuture(reason));
  }

  @Override
  public boolean readBehind(Consumer<StateView> read) {
    return true; // Nothing is applied, and so nothing read.
  }
}
