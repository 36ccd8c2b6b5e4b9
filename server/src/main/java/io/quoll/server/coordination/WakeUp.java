package io.quoll.server.coordination;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has a task run on its executor soon, once for however many have asked for it meanwhile: a wake-up
 * is what costs, and not what there is to do then. Thread-safe.
 */
public final class WakeUp {
  private final Executor executor;
  private final Runnable task;
  private final AtomicBoolean due = new AtomicBoolean();

  /** Will run {@code task} on {@code executor}. */
  public WakeUp(Executor executor, Runnable task) {
    this.executor = executor;
    this.task = task;
  }

  /** Has the task begin once more, some time after this call. */
  public void wake() {
    if (!due.getAndSet(true)) {
      executor.execute(this::run);
    }
  }

  private void run() {
    due.set(false); // Before the task looks around, so that it misses nothing.
    task.run();
  }
}
