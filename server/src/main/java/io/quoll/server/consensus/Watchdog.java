package io.quoll.server.consensus;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.statemachine.ratis.RatisStateMachine;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the replica four times a second. A leader that a majority no longer answers gives the
 * leadership up, which Ratis alone does not see to while requests come in. A replica that Ratis has
 * closed, or whose disk is nearly full, ends the process. A snapshot is taken when the log has
 * grown by bytes or by time. How long ago it last came to look, and found that the replica gets on,
 * tells others whether this node is alive.
 */
final class Watchdog implements AutoCloseable {
  /** How long a majority may be silent before the leader takes itself for cut off. */
  static final long SILENCE_MILLIS_MAX = 1500;

  /** The free space below which the node stops, while it still can in order. */
  static final long FREE_BYTES_MIN = 48L * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS_MAX);
  private static final long INQUIRY_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long REPORTED_MILLIS = 3000;
  private static final long PERIOD_MILLIS = 250;
  private static final long STEP_DOWN_MILLIS = 3000;
  private static final long SNAPSHOT_MILLIS = 60_000;

  private final ConsensusConfig config;
  private final Replica replica;
  private final RatisStateMachine stateMachine;
  private final FatalHandler fatal;
  private final Runnable onClosed;
  private final Runnable onLeaderMissed;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "quoll-watchdog"));
  private final ExecutorService flusher =
      Executors.newSingleThreadExecutor(task -> daemon(task, "quoll-flush"));

  private final ApplyProgress progress = new ApplyProgress(System.nanoTime());
  private volatile boolean quorum;
  private volatile boolean closing;

  // Confined to the executor's thread.
  private long nextInquiryNanos = System.nanoTime() + INQUIRY_NANOS;
  private long snapshotNanos = System.nanoTime();
  private long snapshotIndex;
  private boolean snapshotUnderWay;
  private boolean steppingDown;
  private long leaderNanos = System.nanoTime();
  private final Set<Integer> silent = new HashSet<>();

  /**
   * Looks after {@code replica}.
   *
   * @param onClosed ends the process when Ratis has closed the replica
   * @param onLeaderMissed is called now and then while there is no leader; returns at once
   */
  Watchdog(
      ConsensusConfig config,
      Replica replica,
      RatisStateMachine stateMachine,
      FatalHandler fatal,
      Runnable onClosed,
      Runnable onLeaderMissed) {
    this.onClosed = onClosed;
    this.onLeaderMissed = onLeaderMissed;
    this.config = config;
    this.replica = replica;
    this.stateMachine = stateMachine;
    this.fatal = fatal;
    this.snapshotIndex = stateMachine.getLastAppliedTermIndex().getIndex();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    var unused =
        executor.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether there is a leader, and, if this is it, a majority answers. */
  boolean hasQuorum() {
    return quorum;
  }

  private void look() {
    try {
      if (closing) {
        return;
      }
      if (!replica.isAlive()) {
        onClosed.run();
        return;
      }
      lookAtMembership();
      lookAtDisk();
      lookAtQuorum();
      lookAtSnapshot();
      lookAtProgress(); // The last, for it says that all of the above came to an end.
    } catch (Throwable failure) { // Unwatched, the replica would only look alive.
      fatal.halt(ExitCode.UNEXPECTED, "the watchdog failed", failure);
    }
  }

  /** Ends the process if there is less than {@link #FREE_BYTES_MIN} of room on a disk. */
  private void lookAtDisk() {
    for (Path directory : ImmutableSet.of(config.dataDirectory(), config.logDirectory())) {
      // One call of the system, where Files.getFileStore first reads the table of mounts.
      long free = directory.toFile().getUsableSpace();
      if (free < FREE_BYTES_MIN) {
        fatal.halt(
            ExitCode.STORAGE_FAILED,
            "%s has %d MB free, and this node needs %d MB; make room and start it again"
                .formatted(directory, free >> 20, FREE_BYTES_MIN >> 20),
            null);
      }
    }
  }

  /** Asks whether this server still is a member, now and then while it hears no leader. */
  private void lookAtMembership() {
    if (replica.leaderId() != 0) {
      nextInquiryNanos = System.nanoTime() + INQUIRY_NANOS;
    } else if (System.nanoTime() - nextInquiryNanos > 0) {
      nextInquiryNanos = System.nanoTime() + INQUIRY_NANOS;
      onLeaderMissed.run();
    }
  }

  private void lookAtQuorum() {
    if (!replica.isLeader()) {
      quorum = replica.leaderId() != 0;
      leaderNanos = System.nanoTime();
      steppingDown = false;
      silent.clear();
      return;
    }
    ImmutableSortedMap<Integer, Long> silences = replica.followerSilenceMillis();
    int voters = silences.size() + 1;
    long answering = 1 + silences.values().stream().filter(ms -> ms <= SILENCE_MILLIS_MAX).count();
    report(silences);
    quorum = answering > voters / 2 && replica.isLeaderReady();
    // Ratis counts the silence of a follower from before the leader was elected.
    boolean judged = System.nanoTime() - leaderNanos > GRACE_NANOS;
    if (answering <= voters / 2 && judged && !steppingDown) {
      steppingDown = true;
      LOG.warn("Only {} of {} voters answer: giving the leadership up", answering, voters);
      var unused = replica.stepDown(STEP_DOWN_MILLIS);
    }
  }

  private void report(ImmutableSortedMap<Integer, Long> silences) {
    silences.forEach(
        (serverId, silentMillis) -> {
          if (silentMillis > REPORTED_MILLIS && silent.add(serverId)) {
            LOG.warn("Server {} does not answer this one, the leader", serverId);
          } else if (silentMillis <= SILENCE_MILLIS_MAX && silent.remove(serverId)) {
            LOG.info("Server {} answers again", serverId);
          }
        });
  }

  private void lookAtSnapshot() {
    long applied = stateMachine.getLastAppliedTermIndex().getIndex();
    boolean full = stateMachine.bytesSinceSnapshot() >= config.snapshotLogBytes();
    boolean old =
        System.nanoTime() - snapshotNanos >= config.snapshotInterval().toNanos()
            && applied > snapshotIndex;
    if (snapshotUnderWay || !(full || old)) {
      return;
    }
    snapshotUnderWay = true;
    var unused =
        CompletableFuture.runAsync(stateMachine::prepareSnapshot, flusher)
            .exceptionally(Watchdog::notPrepared)
            .thenCompose(prepared -> replica.takeSnapshot(SNAPSHOT_MILLIS))
            .whenCompleteAsync(
                (done, failure) -> {
                  snapshotUnderWay = false;
                  snapshotNanos = System.nanoTime();
                  snapshotIndex = applied;
                  if (failure != null) {
                    LOG.warn("No snapshot was taken: {}", failure.toString());
                  }
                },
                executor);
  }

  // The snapshot itself will come to the same error, and knows what to do.
  private static @Nullable Void notPrepared(Throwable failure) {
    LOG.debug("A snapshot was not prepared", failure);
    return null;
  }

  private void lookAtProgress() {
    boolean paused = stateMachine.getLifeCycleState() != LifeCycle.State.RUNNING;
    progress.look(replica.appliedIndex(), replica.commitIndex(), paused, System.nanoTime());
  }

  /**
   * When this watchdog last found that the replica gets on with what there is to apply, by {@link
   * System#nanoTime}.
   */
  long lastAliveNanos() {
    return progress.lastAliveNanos();
  }

  @Override
  public void close() {
    closing = true;
    executor.shutdown();
    flusher.shutdown();
    try {
      executor.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
