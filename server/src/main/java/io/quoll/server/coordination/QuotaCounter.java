package io.quoll.server.coordination;

import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.Consensus.Standing;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.CountQuota;
import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.QuotaCounts;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.StateStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has large subtrees with a new quota counted to their end, while this replica leads: one proposal
 * at a time, so that other writes come in between. (ADR 0028.)
 *
 * <p>Confined to one thread, but for the ends of its proposals.
 */
public final class QuotaCounter {
  /** How often {@link #step} is to be called. */
  public static final Duration STEP = Duration.ofSeconds(1);

  private static final Duration COUNT_MAX = Duration.ofSeconds(10);

  private final Consensus consensus;
  private final StateStore store;
  private final LongSupplier nanos;
  private final AtomicBoolean underWay = new AtomicBoolean();

  /**
   * A counter at rest.
   *
   * @param nanos the time of deadlines, as {@link System#nanoTime} tells it
   */
  public QuotaCounter(Consensus consensus, StateStore store, LongSupplier nanos) {
    this.consensus = consensus;
    this.store = store;
    this.nanos = nanos;
  }

  /** Begins to count on, if there is anything to count and nothing is being counted. */
  public void step() {
    Standing standing = consensus.standing();
    boolean leads = standing.role() == Role.LEADER || standing.role() == Role.STANDALONE;
    if (leads && consensus.hasQuorum() && !underWay.get()) {
      next().ifPresent(path -> count(path, standing.term()));
    }
  }

  private Optional<ZnodePath> next() {
    try (StateStore.View view = store.view()) {
      ByteString counts = view.data(Genesis.QUOTA);
      return counts == null || counts.isEmpty() ? Optional.empty() : QuotaCounts.in(view).next();
    }
  }

  private void count(ZnodePath path, long term) {
    underWay.set(true);
    var unused =
        consensus
            .submit(
                Caller.leader(term), new CountQuota(path), nanos.getAsLong() + COUNT_MAX.toNanos())
            .whenComplete((reply, failure) -> counted(term, failure));
  }

  // After a failure the next step tries again, if this replica leads then.
  private void counted(long term, @Nullable Throwable failure) {
    Optional<ZnodePath> next = Optional.empty();
    try {
      if (failure == null && consensus.term() == term) {
        next = next();
      }
    } finally {
      if (next.isEmpty()) {
        underWay.set(false);
      }
    }
    next.ifPresent(path -> count(path, term));
  }
}
