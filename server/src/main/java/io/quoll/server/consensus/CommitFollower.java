package io.quoll.server.consensus;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.statemachine.store.Position;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hears from the leader's {@link CommitFeed} what is committed, and lets Raft know. What is not on
 * this replica's disk yet, it tells Raft a moment later. Thread-safe.
 */
final class CommitFollower implements AutoCloseable {
  private static final Duration REOPEN = Duration.ofMillis(100);
  private static final Duration AGAIN_MIN = Duration.ofNanos(200_000);

  /** Whoever has not caught up by then learns it by the next heartbeat. */
  private static final Duration AGAIN_MAX = Duration.ofMillis(100);

  /** Opens streams. */
  interface Opener {
    /**
     * Opens a stream to {@code leaderId}.
     *
     * @param onCommitted called with what the leader says, by any thread
     * @param onEnd called when the stream has ended, by any thread
     * @return ends the stream
     */
    Runnable open(int leaderId, Consumer<Position> onCommitted, Runnable onEnd);
  }

  /** Raft, as it is let know. */
  interface Raft {
    /**
     * Takes note that {@code leaderId} says that the entry at {@code position} is committed.
     *
     * @return false if the entry is not on this replica's disk yet, and it may be known later
     */
    boolean learnCommitted(int leaderId, Position position);
  }

  private final Opener opener;
  private final Raft raft;
  private final Function<Duration, Executor> delayed;

  @GuardedBy("this")
  private int leaderId;

  /** Tells the stream in use from those before it, whose news no longer count. */
  @GuardedBy("this")
  private long streams;

  @GuardedBy("this")
  private @Nullable Runnable stream;

  @GuardedBy("this")
  private @Nullable Position waiting;

  @GuardedBy("this")
  private boolean trying;

  @GuardedBy("this")
  private boolean closed;

  /**
   * One that follows nobody yet.
   *
   * @param delayed gives an executor that runs what it is given after a time
   */
  CommitFollower(Opener opener, Raft raft, Function<Duration, Executor> delayed) {
    this.opener = opener;
    this.raft = raft;
    this.delayed = delayed;
  }

  /** Hears this leader from now on, whenever it can be reached; 0 for none. */
  synchronized void follow(int leader) {
    if (leader != leaderId) {
      end();
      leaderId = leader;
      open();
    }
  }

  private synchronized void open() {
    if (leaderId != 0 && stream == null && !closed) {
      streams++;
      long opened = streams;
      stream = opener.open(leaderId, position -> heard(opened, position), () -> ended(opened));
    }
  }

  private void heard(long stream, Position position) {
    int leader;
    synchronized (this) {
      if (stream != streams) {
        return;
      }
      leader = leaderId;
    }
    if (!raft.learnCommitted(leader, position)) {
      await(position);
    }
  }

  private void await(Position position) {
    synchronized (this) {
      waiting = position;
      if (trying || closed) {
        return;
      }
      trying = true;
    }
    again(AGAIN_MIN);
  }

  private void again(Duration delay) {
    delayed.apply(delay).execute(() -> tryAgain(delay));
  }

  private void tryAgain(Duration waited) {
    int leader;
    Position position;
    synchronized (this) {
      leader = leaderId;
      position = waiting;
    }
    boolean done = position == null || raft.learnCommitted(leader, position);
    Duration next;
    synchronized (this) {
      boolean newer = !Objects.equals(waiting, position);
      next = newer ? AGAIN_MIN : waited.multipliedBy(2);
      if (closed || waiting == null || (!newer && (done || next.compareTo(AGAIN_MAX) > 0))) {
        waiting = null;
        trying = false;
        return;
      }
    }
    again(next);
  }

  private synchronized void ended(long ended) {
    if (ended == streams && !closed) {
      stream = null;
      delayed.apply(REOPEN).execute(this::open);
    }
  }

  @GuardedBy("this")
  private void end() {
    streams++;
    waiting = null;
    if (stream != null) {
      stream.run();
      stream = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    end();
  }
}
