package io.quoll.server.consensus;

import io.quoll.server.coordination.Consensus.SnapshotTaken;
import io.quoll.server.coordination.Histogram;
import io.quoll.server.coordination.Measured;
import io.quoll.server.coordination.Measurements;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts the leaders that this replica saw, and its snapshots. Thread-safe. */
final class ReplicaMeter implements Measured {
  private final LongAdder leaderChanges = new LongAdder();
  private final LongAdder leaderships = new LongAdder();
  private final LongAdder fetchFailures = new LongAdder();
  private final Histogram snapshotTimes = Histogram.ofTimes();
  private final Histogram fetchTimes = Histogram.ofTimes();
  private volatile @Nullable SnapshotTaken lastSnapshot;

  /** The replica got to know another leader. */
  void leaderChanged() {
    leaderChanges.increment();
  }

  /** The replica became the leader. */
  void becameLeader() {
    leaderships.increment();
  }

  /** A snapshot was taken, for which entries waited {@code nanos}. */
  void tookSnapshot(SnapshotTaken snapshot, long nanos) {
    snapshotTimes.record(nanos);
    lastSnapshot = snapshot;
  }

  /** A snapshot was fetched from the leader, or was not, in {@code nanos}. */
  void fetchedSnapshot(boolean failed, long nanos) {
    if (failed) {
      fetchFailures.increment();
    } else {
      fetchTimes.record(nanos);
    }
  }

  /** The last snapshot since this replica started. */
  Optional<SnapshotTaken> lastSnapshot() {
    return Optional.ofNullable(lastSnapshot);
  }

  @Override
  public void measure(Measurements to) {
    to.counter(
        "quoll_leader_changes_total",
        "Leaders that this replica got to know.",
        leaderChanges.sum());
    to.counter(
        "quoll_leaderships_total", "How often this server became the leader.", leaderships.sum());
    to.histogram(
        "quoll_snapshot_seconds", "For how long entries waited for a snapshot.", snapshotTimes);
    to.histogram(
        "quoll_snapshot_fetch_seconds",
        "How long it took to fetch a snapshot from the leader.",
        fetchTimes);
    to.counter(
        "quoll_snapshot_fetch_failures_total",
        "Snapshots of the leader that could not be fetched.",
        fetchFailures.sum());
    lastSnapshot().ifPresent(last -> measure(last, to));
  }

  private static void measure(SnapshotTaken last, Measurements to) {
    to.gauge(
        "quoll_snapshot_last_timestamp_seconds",
        "When the last snapshot since the start was taken, in seconds since 1970.",
        last.atMillis() / 1000.0);
    to.gauge(
        "quoll_snapshot_last_zxid", "The zxid of the last snapshot since the start.", last.zxid());
  }
}
