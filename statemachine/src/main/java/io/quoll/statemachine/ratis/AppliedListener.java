package io.quoll.statemachine.ratis;

import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.store.StateStore;

/**
 * Hears of every log entry that this replica applies. Called by the apply thread, one entry at a
 * time, in the order of the log: do little, wait for nothing.
 */
public interface AppliedListener {
  /**
   * A proposal was applied, and none of those behind it in its entry: {@code state} is what it
   * left, valid during this call. Nothing is committed yet.
   */
  default void onApplied(Origin origin, long sequence, StateView state) {}

  /** The entry is committed to the store, but no reader sees it yet: the moment to fire watches. */
  void onCommitted(EntryOutcome outcome);

  /** Readers now see what the entry changed: what waits for its zxids may go on. */
  void onPublished(EntryOutcome outcome);

  /**
   * The state was replaced by {@code snapshot}, but no reader sees it yet: the moment to fire
   * watches for what the entries in between changed, which are not told of. The view is closed when
   * this returns.
   */
  default void onRestoring(StateStore.View snapshot) {}

  /** Readers now see the state of the snapshot, which is that of {@code zxid}. */
  void onRestored(long zxid);
}
