package io.quoll.server.coordination;

import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.store.StateStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Ends sessions as their clients would, whoever holds them. A session may be attached anew while
 * its end is under way, which then names an epoch of the past.
 *
 * <p>Thread-safe; no method blocks.
 */
record SessionCloser(Consensus consensus, StateStore store) {
  private static final int ATTEMPTS_MAX = 3;

  /** As {@link Sessions#end(long, long)}. */
  CompletableFuture<Reply> close(long sessionId, long deadlineNanos) {
    return consensus
        .barrier(deadlineNanos)
        .thenCompose(fresh -> closePresent(sessionId, deadlineNanos, ATTEMPTS_MAX));
  }

  private CompletableFuture<Reply> closePresent(long sessionId, long deadlineNanos, int attempts) {
    Optional<Session> session;
    try (StateStore.View view = store.view()) {
      session = view.session(sessionId);
    }
    if (session.isEmpty()) {
      return CompletableFuture.failedFuture(SessionEnd.expired(sessionId));
    }
    return consensus
        .submit(Caller.ANONYMOUS, new CloseSession(sessionId, session.get().epoch()), deadlineNanos)
        .thenCompose(
            reply ->
                wasMoved(reply) && attempts > 1
                    ? closePresent(sessionId, deadlineNanos, attempts - 1)
                    : CompletableFuture.completedFuture(accepted(reply)));
  }

  private static boolean wasMoved(Reply reply) {
    return reply.result() instanceof Result.Rejected rejected
        && rejected.code() == ErrorCode.SESSION_MOVED;
  }

  private static Reply accepted(Reply reply) {
    reply.expect(Result.SessionClosed.class);
    return reply;
  }
}
