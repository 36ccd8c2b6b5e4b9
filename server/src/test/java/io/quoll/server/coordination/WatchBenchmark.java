package io.quoll.server.coordination;

import static io.quoll.server.coordination.WatchedReplica.path;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.InMemoryStore;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What watches cost: the heap that a million of them take, and how long the apply thread is held up
 * by a change that concerns ten thousand, in CPU time. Prints both. Heap is what is used after
 * collections, so give it {@code -Xmx2g -XX:+UseSerialGC}.
 */
final class WatchBenchmark {
  private static final int WATCHES = 1_000_000;
  private static final int WATCHERS = 10_000;
  private static final int ROUNDS = 200;

  private final InMemoryStore store = new InMemoryStore();
  private long zxid;

  private WatchBenchmark() {}

  /** A watcher that queues, as an attachment does: its queue is a count. */
  private static final class Counter implements Watcher {
    private final AtomicLong told = new AtomicLong();

    @Override
    public Identities identities() {
      return Identities.NONE;
    }

    @Override
    public void onEvent(WatchEvent event) {
      told.incrementAndGet();
    }
  }

  /** Runs the benchmark. */
  public static void main(String[] args) {
    WatchBenchmark benchmark = new WatchBenchmark();
    for (WatchMode mode : List.of(WatchMode.DATA, WatchMode.PERSISTENT)) {
      benchmark.memory(mode, 10_000, true);
      benchmark.memory(mode, 100, true);
      benchmark.memory(mode, 10_000, false);
    }
    benchmark.applyTimeWithoutWatches();
    benchmark.applyTime(WatchMode.PERSISTENT);
    benchmark.applyTime(WatchMode.DATA);
    benchmark.applyTime(WatchMode.RECURSIVE);
  }

  private void memory(WatchMode mode, int watchers, boolean pathsOfTheirOwn) {
    List<Watcher> all = counters(watchers);
    long before = usedBytes();
    Watches watches = new Watches(store);
    int each = WATCHES / watchers;
    for (int watcher = 0; watcher < watchers; watcher++) {
      for (int i = 0; i < each; i++) {
        int number = pathsOfTheirOwn ? watcher * each + i : i;
        // A path as long as those of services: 31 characters.
        ZnodePath path = path("/services/orders/host-%07d".formatted(number) + "/x");
        watches.add(path, mode, all.get(watcher), 0);
      }
    }
    long bytes = usedBytes() - before;
    System.out.printf(
        "%d watches (%s) of %d watchers on %d paths: %d bytes each%n",
        WATCHES, mode, watchers, pathsOfTheirOwn ? WATCHES : each, bytes / WATCHES);
    all.forEach(watches::removeAll);
  }

  private static List<Watcher> counters(int count) {
    List<Watcher> counters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      counters.add(new Counter());
    }
    return counters;
  }

  private static long usedBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void applyTimeWithoutWatches() {
    Watches watches = new Watches(store);
    for (int i = 0; i < 200_000; i++) {
      watches.onCommitted(change());
    }
    EntryOutcome[] outcomes = new EntryOutcome[200_000];
    Arrays.setAll(outcomes, i -> change());
    long begin = cpuNanos();
    for (EntryOutcome outcome : outcomes) {
      watches.onCommitted(outcome);
    }
    long nanos = (cpuNanos() - begin) / outcomes.length;
    System.out.printf("an entry of one change without watches: %d ns%n", nanos);
  }

  private void applyTime(WatchMode mode) {
    Watches watches = new Watches(store);
    List<Watcher> watchers = counters(WATCHERS);
    long[] nanos = new long[ROUNDS];
    for (int round = 0; round < 2 * ROUNDS; round++) { // The first half warms up.
      watchers.forEach(watcher -> watches.add(path("/a"), mode, watcher, zxid));
      EntryOutcome outcome = change();
      long begin = cpuNanos();
      watches.onCommitted(outcome);
      nanos[round % ROUNDS] = cpuNanos() - begin;
    }
    Arrays.sort(nanos);
    long median = nanos[ROUNDS / 2];
    System.out.printf(
        "a change with %d watchers (%s): apply thread %d us median, %d us worst of %d; %d events/s%n",
        WATCHERS,
        mode,
        median / 1_000,
        nanos[ROUNDS - 1] / 1_000,
        ROUNDS,
        WATCHERS * 1_000_000_000L / median);
  }

  // Not the time on the wall, of which other processes take their share.
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private EntryOutcome change() {
    StateTransaction transaction = new StateTransaction(store.committed(), ++zxid, 1_000);
    Znode znode = Znode.createdAt(zxid, 1_000, null, Acl.OPEN);
    transaction.setData(path("/a"), znode, null);
    return new EntryOutcome(transaction, ImmutableList.of());
  }
}
