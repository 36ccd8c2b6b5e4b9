package io.quoll.statemachine.ratis;

import io.quoll.statemachine.command.EntryOutcome;

/**
 * Hears of every log entry that this replica applies. Called by the apply thread, one entry at a
 * time, in the order of the log: do little, wait for nothing.
 */
public interface AppliedListener {
  /** The entry is committed to the store, but no reader sees it yet: the moment to fire watches. */
  void onCommitted(EntryOutcome outcome);

  /** Readers now see what the entry changed: what waits for its zxids may go on. */
  void onPublished(EntryOutcome outcome);

  /**
   * The state was replaced by a snapshot of {@code zxid}; the entries in between are not told of.
   */
  void onRestored(long zxid);
}
