package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.StateStore;
import java.util.EnumSet;

/** The watches of the sessions that are attached at this replica. Thread-safe. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class Watches implements AppliedListener {
  /** No watches yet, on what {@code store} holds. */
  public Watches(StateStore store) {}

  /** Watches to be set again. (SetWatches of the contract, of ZooKeeper.) */
  public record Rearmed(
      long sinceZxid,
      ImmutableList<ZnodePath> data,
      ImmutableList<ZnodePath> exists,
      ImmutableList<ZnodePath> children,
      ImmutableList<ZnodePath> persistent,
      ImmutableList<ZnodePath> recursive) {}

  /**
   * Sets a watch that is due by every change after {@code sinceZxid}, the zxid of what its client
   * has read; what is due already is told before this returns. Throws Rejection LIMIT_EXCEEDED.
   */
  public void add(ZnodePath path, WatchMode mode, Watcher watcher, long sinceZxid) {
    throw new UnsupportedOperationException();
  }

  /** Whether {@code watcher} has a watch of one of {@code modes} on {@code path}. */
  public boolean has(ZnodePath path, EnumSet<WatchMode> modes, Watcher watcher) {
    throw new UnsupportedOperationException();
  }

  /** Removes the watches of {@code modes}; whether there was one. */
  public boolean remove(ZnodePath path, EnumSet<WatchMode> modes, Watcher watcher) {
    throw new UnsupportedOperationException();
  }

  /**
   * Sets watches again and tells what they missed. Reads the store and the history: not for the
   * event loop. Returns 0, or the zxid up to which persistent and recursive watches may have missed
   * events. Throws Rejection LIMIT_EXCEEDED.
   */
  public long rearm(Rearmed rearmed, Watcher watcher) {
    throw new UnsupportedOperationException();
  }

  /** Removes all watches of {@code watcher}. */
  public void removeAll(Watcher watcher) {
    throw new UnsupportedOperationException();
  }

  /** How many watches {@code watcher} has. */
  public int count(Watcher watcher) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onCommitted(EntryOutcome outcome) {}

  @Override
  public void onPublished(EntryOutcome outcome) {}

  @Override
  public void onRestored(long zxid) {}
}
