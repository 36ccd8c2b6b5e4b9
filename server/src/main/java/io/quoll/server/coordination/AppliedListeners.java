package io.quoll.server.coordination;

import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.store.StateStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Several listeners as one, each called in the order in which they were added. Who listens to a
 * replica needs the replica itself, so they are added after it was made and before it starts.
 *
 * <p>Thread-safe.
 */
public final class AppliedListeners implements AppliedListener {
  private final List<AppliedListener> listeners = new CopyOnWriteArrayList<>();

  /** Lets {@code listener} hear of what is applied from now on, after all others. */
  public void add(AppliedListener listener) {
    listeners.add(listener);
  }

  @Override
  public void onCommitted(EntryOutcome outcome) {
    listeners.forEach(listener -> listener.onCommitted(outcome));
  }

  @Override
  public void onPublished(EntryOutcome outcome) {
    listeners.forEach(listener -> listener.onPublished(outcome));
  }

  @Override
  public void onRestoring(StateStore.View snapshot) {
    listeners.forEach(listener -> listener.onRestoring(snapshot));
  }

  @Override
  public void onRestored(long zxid) {
    listeners.forEach(listener -> listener.onRestored(zxid));
  }
}
