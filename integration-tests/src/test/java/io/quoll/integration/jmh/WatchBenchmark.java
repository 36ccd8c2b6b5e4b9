package io.quoll.integration.jmh;

import io.quoll.server.coordination.WatchEvent;
import io.quoll.server.coordination.WatchMode;
import io.quoll.server.coordination.Watcher;
import io.quoll.server.coordination.Watches;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.InMemoryStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The firing of watches by an entry with a hundred writes. A figure is for the entry. Confined to
 * one thread.
 */
@State(Scope.Thread)
public class WatchBenchmark extends Microbenchmark {
  private final InMemoryStore store = new InMemoryStore();
  private final SessionWrites writes = new SessionWrites(store);
  private final EntryOutcome outcome = writes.apply(writes.entry());
  private final Watches watches = new Watches(store);

  /** How many sessions watch each znode, until they take the watches back. */
  @Param({"0", "1", "100"})
  public int watchers;

  /** Sets the watches. */
  @Setup
  public void watch() {
    for (int i = 0; i < watchers; i++) {
      Watcher watcher = new Counter();
      for (ZnodePath path : writes.paths()) {
        watches.add(path, WatchMode.PERSISTENT, watcher, store.publishedZxid());
      }
    }
  }

  /** Tells the watchers, and lets them tell their clients. */
  @Benchmark
  public void fire() {
    watches.onCommitted(outcome);
    watches.onPublished(outcome);
  }

  /** Does as little as a watcher can. */
  private static final class Counter implements Watcher {
    private long events;

    @Override
    public Identities identities() {
      return Identities.NONE;
    }

    @Override
    public void onEvent(WatchEvent event) {
      events++;
    }

    @Override
    public void onPublished() {
      events = Math.max(0, events);
    }
  }
}
