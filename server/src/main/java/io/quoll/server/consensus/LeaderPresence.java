package io.quoll.server.consensus;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Whether the leader's process is there. A stream to it is kept open on which it says no more than
 * one word; when its process dies, the stream ends at once and no new one can be opened. That one
 * ends alone says nothing: only a second in a row without a word between means that it is gone.
 * Thread-safe.
 */
final class LeaderPresence implements AutoCloseable {
  private static final int ENDS_OF_GONE = 2;

  /** Opens streams. */
  interface Opener {
    /**
     * Opens a stream to {@code leaderId}.
     *
     * @param onWord called when the leader says its word, by any thread
     * @param onEnd called when the stream has ended, by any thread
     * @return ends the stream
     */
    Runnable open(int leaderId, Runnable onWord, Runnable onEnd);
  }

  private final Opener opener;
  private final Runnable onGone;

  @GuardedBy("this")
  private int leaderId;

  /** Tells the stream in use from those before it, whose news no longer count. */
  @GuardedBy("this")
  private long streams;

  @GuardedBy("this")
  private @Nullable Runnable stream;

  @GuardedBy("this")
  private int ends;

  @GuardedBy("this")
  private boolean closed;

  /** {@code onGone} is called by any thread when the leader that is followed is gone. */
  LeaderPresence(Opener opener, Runnable onGone) {
    this.opener = opener;
    this.onGone = onGone;
  }

  /** Looks after this leader from now on; 0 for none. Tries again if it was gone. */
  synchronized void follow(int leader) {
    if (leader != leaderId) {
      end();
      leaderId = leader;
      ends = 0;
    }
    if (leaderId != 0 && stream == null && !closed) {
      open();
    }
  }

  /** Whether {@code leader} is the one that is followed, and is gone. */
  synchronized boolean isGone(int leader) {
    return leader == leaderId && ends >= ENDS_OF_GONE;
  }

  @GuardedBy("this")
  private void open() {
    streams++;
    long opened = streams;
    stream = opener.open(leaderId, () -> heard(opened), () -> ended(opened));
  }

  private synchronized void heard(long heard) {
    if (heard == streams) {
      ends = 0;
    }
  }

  private void ended(long ended) {
    boolean gone;
    synchronized (this) {
      if (ended != streams) {
        return;
      }
      stream = null;
      ends++;
      gone = ends == ENDS_OF_GONE;
      if (ends < ENDS_OF_GONE) {
        open();
      }
    }
    if (gone) {
      onGone.run();
    }
  }

  @GuardedBy("this")
  private void end() {
    streams++;
    if (stream != null) {
      stream.run();
      stream = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    follow(0);
  }
}
