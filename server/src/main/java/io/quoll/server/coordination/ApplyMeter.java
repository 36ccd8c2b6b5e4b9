package io.quoll.server.coordination;

import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.ratis.AppliedListener;
import java.util.concurrent.atomic.LongAdder;

/** Counts what this replica applies. Thread-safe; the apply thread counts, any may ask. */
public final class ApplyMeter implements AppliedListener, Measured {
  private final Histogram operations = Histogram.ofCounts();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private final LongAdder attached = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder events = new LongAdder();
  private final LongAdder snapshotsTakenOver = new LongAdder();

  @Override
  public void onCommitted(EntryOutcome outcome) {
    // Counted once it is published, which no watch waits for.
  }

  @Override
  public void onPublished(EntryOutcome outcome) {
    operations.record(outcome.applied().size());
    events.add(outcome.transaction().events().size());
    for (EntryOutcome.Applied applied : outcome.applied()) {
      count(applied.result());
    }
  }

  private void count(Result result) {
    if (result instanceof Result.Rejected || result instanceof Result.MultiRejected) {
      rejected.increment();
    } else if (result instanceof Result.SessionOpened) {
      opened.increment();
    } else if (result instanceof Result.SessionAttached) {
      attached.increment();
    } else if (result instanceof Result.SessionClosed) {
      closed.increment();
    }
  }

  @Override
  public void onRestored(long zxid) {
    snapshotsTakenOver.increment();
  }

  @Override
  public void measure(Measurements to) {
    to.histogram(
        "quoll_apply_entry_operations",
        "Operations in a log entry that this replica applied; the count is that of the entries.",
        operations);
    to.counter(
        "quoll_apply_rejected_total",
        "Operations that were applied and rejected: they changed nothing.",
        rejected.sum());
    to.counter(
        "quoll_apply_events_total", "Changes of the tree, as watches see them.", events.sum());
    to.counter(
        "quoll_apply_snapshots_taken_over_total",
        "Snapshots of the leader that took the place of this replica's state.",
        snapshotsTakenOver.sum());
    to.counter("quoll_sessions_opened_total", "Sessions opened in the ensemble.", opened.sum());
    to.counter(
        "quoll_sessions_attached_total",
        "Sessions attached anew in the ensemble, after a lost connection.",
        attached.sum());
    to.counter(
        "quoll_sessions_closed_total",
        "Sessions closed in the ensemble, by their clients or by expiry.",
        closed.sum());
  }
}
