package io.quoll.server.coordination;

import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.ratis.AppliedListener;
import java.util.concurrent.CompletableFuture;

/** The sessions that are attached at this replica. Thread-safe. */
@SuppressWarnings("DoNotCallSuggester")
public final class Sessions implements AppliedListener {
  /** Opens a session; the timeout is taken into its limits. */
  public CompletableFuture<SessionHold> open(
      long timeoutMillis, SessionHolder holder, long deadlineNanos) {
    throw new UnsupportedOperationException();
  }

  /**
   * Attaches a session. Fails with SESSION_EXPIRED, AUTH_FAILED, or UnavailableException BEHIND if
   * lastZxid is one that this replica does not have after the attachment was applied.
   *
   * @param timeoutMillis what the client asks for, 0 to leave what was agreed
   */
  public CompletableFuture<SessionHold> attach(
      long sessionId,
      ByteString secret,
      long timeoutMillis,
      long lastZxid,
      SessionHolder holder,
      long deadlineNanos) {
    throw new UnsupportedOperationException();
  }

  /** Ends the session of {@code hold}; the holder's onEnd is not called for it. */
  public CompletableFuture<Reply> close(SessionHold hold, long deadlineNanos) {
    throw new UnsupportedOperationException();
  }

  /** The stream is gone; the session waits to be attached anew, or for its timeout. */
  public void release(SessionHold hold) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onCommitted(EntryOutcome outcome) {}

  @Override
  public void onPublished(EntryOutcome outcome) {}

  @Override
  public void onRestored(long zxid) {}
}
