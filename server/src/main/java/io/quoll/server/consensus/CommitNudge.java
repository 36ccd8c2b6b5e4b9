package io.quoll.server.consensus;

import java.util.concurrent.TimeUnit;

/**
 * Lets the followers know soon what the leader committed last. They learn it along with the next
 * entry; when there is none, they would wait for the next heartbeat, a quarter of a second away,
 * and so would every client of theirs that waits for a reply.
 *
 * <p>A heartbeat that crosses with an entry does not carry the news, so the nudge is repeated a few
 * times while somebody lags. Confined to the proposer's thread.
 */
final class CommitNudge {
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
  private static final int TIMES_MAX = 3;

  private final Replica replica;
  private long toldIndex = -1;
  private int times;
  private long lastNanos;

  CommitNudge(Replica replica) {
    this.replica = replica;
  }

  /** Nudges if there is something new to tell and nothing else will tell it. */
  void perhaps(boolean nothingInFlight) {
    if (!nothingInFlight) {
      return;
    }
    long commitIndex = replica.commitIndex();
    if (commitIndex != toldIndex) {
      toldIndex = commitIndex;
      times = 0;
    }
    if (isDue() && (times == 0 || System.nanoTime() - lastNanos >= AGAIN_NANOS)) {
      times++;
      lastNanos = System.nanoTime();
      var unused = replica.tellCommitIndex();
    }
  }

  /** Whether there is somebody to nudge now or in a moment. */
  boolean isDue() {
    return times < TIMES_MAX && toldIndex >= 0 && replica.someoneLagsBehindCommit();
  }

  /** How long that moment is. */
  long delayNanos() {
    return AGAIN_NANOS;
  }
}
