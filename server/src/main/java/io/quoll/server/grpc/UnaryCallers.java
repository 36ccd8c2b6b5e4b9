package io.quoll.server.grpc;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.RequestContext;
import io.quoll.server.coordination.Coordinator;
import io.quoll.server.coordination.Sessions;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the session on whose behalf a unary call is made, and takes the call for a sign of life.
 * Thread-safe; waits for nothing.
 */
final class UnaryCallers {
  private final Coordinator coordinator;
  private final Sessions sessions;

  UnaryCallers(Coordinator coordinator, Sessions sessions) {
    this.coordinator = coordinator;
    this.sessions = sessions;
  }

  /**
   * The caller that {@code context} names.
   *
   * @param identities who he has proved to be
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   * @return the caller; fails with {@code SESSION_EXPIRED} if there is no such session, with {@code
   *     AUTH_FAILED} if its secret is another, with {@code BAD_ARGUMENTS} if there is a cxid and no
   *     session, and where this server is behind also as {@link Coordinator#sync} does
   */
  CompletableFuture<Caller> caller(
      RequestContext context, Identities identities, long deadlineNanos) {
    if (context.getSessionId() == 0) {
      return context.getCxid() == 0
          ? CompletableFuture.completedFuture(Caller.unattached(identities))
          : CompletableFuture.failedFuture(
              new Rejection(
                  ErrorCode.BAD_ARGUMENTS, "", "a cxid is given, and no session that it is of"));
    }
    return session(context.getSessionId(), deadlineNanos)
        .thenApply(session -> caller(context, session, identities));
  }

  // It may have been opened elsewhere a moment ago, so that it is not here is looked at twice.
  private CompletableFuture<Optional<Session>> session(long sessionId, long deadlineNanos) {
    return coordinator
        .session(sessionId)
        .thenCompose(
            found ->
                found.isPresent()
                    ? CompletableFuture.completedFuture(found)
                    : coordinator
                        .sync(deadlineNanos)
                        .thenCompose(fresh -> coordinator.session(sessionId)));
  }

  private Caller caller(RequestContext context, Optional<Session> found, Identities identities) {
    Session session =
        found.orElseThrow(
            () ->
                new Rejection(
                    ErrorCode.SESSION_EXPIRED,
                    "",
                    "the session " + context.getSessionId() + " does not exist"));
    if (!isEqual(session.secret(), context.getSecret())) {
      throw new Rejection(ErrorCode.AUTH_FAILED, "", "the secret is not that of the session");
    }
    sessions.touch(session.id());
    return Caller.session(
        session.id(),
        session.epoch(),
        context.getCxid(),
        context.getFirstUnacknowledgedCxid(),
        identities);
  }

  // In a time that does not tell how much of it was right.
  private static boolean isEqual(ByteString one, ByteString other) {
    return MessageDigest.isEqual(one.toByteArray(), other.toByteArray());
  }
}
