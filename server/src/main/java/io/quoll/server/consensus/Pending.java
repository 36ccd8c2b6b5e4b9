package io.quoll.server.consensus;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.WriteTracing.WriteTrace;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One proposal that this replica has not applied yet: its bytes, on whose behalf, who waits for it
 * and until when, who reads behind it, and who follows it. Thread-safe.
 */
final class Pending implements Consensus.Submission {
  private final ByteString bytes;
  private final Caller caller;
  private final long deadlineNanos;
  private final CompletableFuture<Consensus.Reply> reply = new CompletableFuture<>();
  private final @Nullable WriteTrace trace;

  @GuardedBy("this")
  private @Nullable List<Consumer<StateView>> behind;

  @GuardedBy("this")
  private boolean applied;

  Pending(ByteString bytes, Caller caller, long deadlineNanos, @Nullable WriteTrace trace) {
    this.bytes = bytes;
    this.caller = caller;
    this.deadlineNanos = deadlineNanos;
    this.trace = trace;
    if (trace != null) {
      var unused = reply.whenComplete(trace::ended);
    }
  }

  ByteString bytes() {
    return bytes;
  }

  Caller caller() {
    return caller;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public CompletableFuture<Consensus.Reply> reply() {
    return reply;
  }

  @Override
  public synchronized boolean readBehind(Consumer<StateView> read) {
    if (applied) {
      return false;
    }
    if (behind == null) {
      behind = new ArrayList<>();
    }
    behind.add(read);
    return true;
  }

  /** It is taken into a batch for the first time. */
  void onTaken() {
    if (trace != null) {
      trace.taken(System.nanoTime());
    }
  }

  /** It was applied and left {@code state}, which those behind it read. */
  void onApplied(StateView state, long agreedNanos) {
    if (trace != null) {
      trace.applied(agreedNanos, System.nanoTime());
    }
    takeBehind().forEach(read -> read.accept(state));
  }

  private synchronized List<Consumer<StateView>> takeBehind() {
    List<Consumer<StateView>> taken = behind == null ? List.of() : behind;
    applied = true;
    behind = null;
    return taken;
  }
}
