package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.Consensus.Standing;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.DeleteIfUnused;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.StateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Deletes the containers and the znodes with a time to live that have outlived their purpose, while
 * this replica leads. It only proposes: whether a znode is unused is decided again when the
 * proposal is applied, by the time that the log has. (ZooKeeper: ContainerManager.)
 *
 * <p>Confined to one thread, but for the ends of its proposals.
 */
public final class PerishableCleaner {
  /** How often {@link #step} is to be called. */
  public static final Duration STEP = Duration.ofSeconds(1);

  /** The most znodes that are looked at in one step. */
  static final int LOOKED_AT_MAX = 20_000;

  private static final int PAGE = 1_000;
  private static final int STEPS_PER_MINUTE = (int) (Duration.ofMinutes(1).toMillis() / 1_000);
  private static final Duration DELETE_MAX = Duration.ofSeconds(10);

  private final Consensus consensus;
  private final StateStore store;
  private final Duration interval;
  private final int deletionsPerStep;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final AtomicInteger underWay = new AtomicInteger();
  private ZnodePath cursor = ZnodePath.ROOT;
  private long restUntilNanos;

  /**
   * Begins with its first round an interval from now.
   *
   * @param interval the time from the end of a round through all znodes to the next
   * @param deletionsPerMinute how many are deleted in a minute at most
   * @param clock the time by which znodes are picked out
   * @param nanos the time by which rounds are begun, as {@link System#nanoTime} tells it
   */
  public PerishableCleaner(
      Consensus consensus,
      StateStore store,
      Duration interval,
      int deletionsPerMinute,
      InstantSource clock,
      LongSupplier nanos) {
    this.consensus = consensus;
    this.store = store;
    this.interval = interval;
    this.deletionsPerStep = Math.max(1, deletionsPerMinute / STEPS_PER_MINUTE);
    this.clock = clock;
    this.nanos = nanos;
    rest();
  }

  private void rest() {
    cursor = ZnodePath.ROOT;
    restUntilNanos = nanos.getAsLong() + interval.toNanos();
  }

  /** Goes on with the round, if it is time and what was proposed before has ended. */
  public void step() {
    Standing standing = consensus.standing();
    boolean leads = standing.role() == Role.LEADER || standing.role() == Role.STANDALONE;
    if (!leads || !consensus.hasQuorum()) {
      cursor = ZnodePath.ROOT;
      return;
    }
    if (underWay.get() > 0 || nanos.getAsLong() - restUntilNanos < 0) {
      return;
    }
    List<ZnodePath> unused = nextUnused();
    underWay.addAndGet(unused.size());
    unused.forEach(path -> propose(path, standing.term()));
  }

  private void propose(ZnodePath path, long term) {
    long deadlineNanos = nanos.getAsLong() + DELETE_MAX.toNanos();
    var unused =
        consensus
            .submit(Caller.leader(term), new DeleteIfUnused(path), deadlineNanos)
            .whenComplete((reply, failure) -> underWay.decrementAndGet());
  }

  /** The next znodes to delete, as many as may be deleted in a step; moves the cursor. */
  private List<ZnodePath> nextUnused() {
    List<ZnodePath> unused = new ArrayList<>();
    long now = clock.millis();
    try (StateStore.View view = store.view()) {
      for (int looked = 0; looked < LOOKED_AT_MAX; looked += PAGE) {
        ImmutableList<ZnodePath> page = view.perishables(cursor, PAGE);
        for (ZnodePath path : page) {
          if (unused.size() >= deletionsPerStep) {
            return unused;
          }
          cursor = path;
          if (view.find(path).filter((Znode znode) -> znode.isUnused(now)).isPresent()) {
            unused.add(path);
          }
        }
        if (page.size() < PAGE) {
          rest();
          return unused;
        }
      }
    }
    return unused;
  }
}
