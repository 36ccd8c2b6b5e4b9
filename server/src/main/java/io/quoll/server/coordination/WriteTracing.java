package io.quoll.server.coordination;

import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import org.jspecify.annotations.Nullable;

/** Follows writes on their way through this replica. Thread-safe; waits for nothing. */
public interface WriteTracing {
  /** Follows none. */
  WriteTracing OFF = (caller, command) -> null;

  /**
   * One write on its way. Its times are those of {@link System#nanoTime}; each comes once at most,
   * and in this order.
   */
  interface WriteTrace {
    /** It is taken into a batch, for the log. */
    void taken(long nanoTime);

    /** Its entry, agreed on at {@code agreedNanoTime}, is being applied, and it has been. */
    void applied(long agreedNanoTime, long nanoTime);

    /** It is replied to, or has failed. */
    void ended(@Nullable Reply reply, @Nullable Throwable failure);
  }

  /** A write is proposed; null if it is not followed. */
  @Nullable WriteTrace begin(Caller caller, Command command);
}
