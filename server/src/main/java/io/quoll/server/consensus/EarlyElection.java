package io.quoll.server.consensus;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.server.consensus.Absence.Answer;
import io.quoll.statemachine.store.Position;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this replica seek votes as soon as a majority misses the leader, rather than when a timer
 * of random length says so. A replica misses a leader whose process is gone, or that was silent for
 * longer than is usual. It asks the other voters whether they miss it too; only if a majority does,
 * and none of them is to go before this one, it seeks votes. Whatever comes of it, Ratis' own
 * timers go on. (ADR 0018.)
 *
 * <p>Looking is confined to one thread; answering is thread-safe.
 */
final class EarlyElection {
  /** A leader that was silent for so long is missed. It sends a heartbeat each 250 ms. */
  static final long SILENCE_MILLIS_MAX = 800;

  private static final Logger LOG = LoggerFactory.getLogger(EarlyElection.class);
  private static final long CALM_MILLIS = 500;
  private static final long AGAIN_MILLIS_MIN = 20;
  private static final long AGAIN_MILLIS_MAX = 1000;

  /** A look that comes so late tells of a pause of this process, as do those soon after it. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** How this replica stands in the Raft group. */
  interface Raft {
    /** Whether this replica follows, and votes. */
    boolean isFollower();

    /** The number of the leader that this replica knows of, or 0. */
    int leaderId();

    /** The current term. */
    long term();

    /** The last entry of the log. */
    Position logEnd();

    /** As follower, how long the leader was silent; 0 while this replica handles its word. */
    long leaderSilenceMillis();

    /** Makes this replica a candidate; whether it became one. */
    boolean seekVotes();
  }

  /** Asks other replicas. */
  interface Peers {
    /** What the replica of {@code serverId} answers; fails after a moment without an answer. */
    CompletableFuture<Answer> ask(int serverId, Absence absence);
  }

  private final int serverId;
  private final Supplier<ImmutableSet<Integer>> otherVoters;
  private final Raft raft;
  private final Peers peers;
  private final LeaderPresence presence;
  private final Ticker ticker;
  private volatile long dueNanos;
  private volatile long reliableNanos;
  private long againMillis = AGAIN_MILLIS_MIN; // Confined to the thread that looks.

  /**
   * Looks after the leader of {@code raft}.
   *
   * @param otherVoters who votes beside this replica, now
   * @param ticker tells whether this process was paused
   */
  EarlyElection(
      int serverId,
      Supplier<ImmutableSet<Integer>> otherVoters,
      Raft raft,
      Peers peers,
      LeaderPresence presence,
      Ticker ticker) {
    this.serverId = serverId;
    this.otherVoters = otherVoters;
    this.raft = raft;
    this.peers = peers;
    this.presence = presence;
    this.ticker = ticker;
    this.dueNanos = ticker.read();
    this.reliableNanos = dueNanos;
  }

  /** Looks whether there is anything to do, and does it; after how many milliseconds to again. */
  long look() {
    if (isLate()) {
      reliableNanos = ticker.read() + PAUSE_NANOS;
    }
    long delayMillis = lookAtLeader();
    dueNanos = ticker.read() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
    return delayMillis;
  }

  private boolean isLate() {
    return ticker.read() - dueNanos > PAUSE_NANOS;
  }

  private long lookAtLeader() {
    int leader = raft.isFollower() ? raft.leaderId() : 0;
    presence.follow(leader);
    if (leader == 0) {
      return CALM_MILLIS;
    }
    if (!isMissed(leader)) {
      againMillis = AGAIN_MILLIS_MIN;
      long left = SILENCE_MILLIS_MAX - raft.leaderSilenceMillis();
      return Math.min(CALM_MILLIS, Math.max(AGAIN_MILLIS_MIN, left));
    }
    Absence absence = absence(leader);
    if (isAgreed(absence) && raft.term() == absence.term() && raft.seekVotes()) {
      LOG.info("Server {} is missed by a majority; this one seeks votes", leader);
      return CALM_MILLIS;
    }
    long delayMillis = againMillis;
    againMillis = Math.min(AGAIN_MILLIS_MAX, 2 * againMillis);
    return delayMillis;
  }

  private boolean isMissed(int leader) {
    return presence.isGone(leader) || isSilent();
  }

  private boolean isSilent() {
    boolean isReliable = !isLate() && ticker.read() - reliableNanos >= 0;
    return isReliable && raft.leaderSilenceMillis() >= SILENCE_MILLIS_MAX;
  }

  private Absence absence(int leader) {
    return new Absence(serverId, leader, raft.term(), raft.logEnd());
  }

  private boolean isAgreed(Absence absence) {
    ImmutableSet<Integer> others = otherVoters.get();
    ImmutableList<CompletableFuture<Answer>> asked =
        others.stream()
            .filter(voter -> voter != absence.leaderId())
            .map(voter -> peers.ask(voter, absence).exceptionally(failure -> Answer.REFUSES))
            .collect(ImmutableList.toImmutableList());
    ImmutableList<Answer> answers =
        asked.stream().map(CompletableFuture::join).collect(ImmutableList.toImmutableList());
    int missing = 1 + Collections.frequency(answers, Answer.AGREES);
    return !answers.contains(Answer.PRECEDES) && missing > (others.size() + 1) / 2;
  }

  /** What this replica says to one that misses its leader. */
  Answer answer(Absence theirs) {
    int leader = raft.leaderId();
    boolean isSame = raft.term() == theirs.term() && (leader == 0 || leader == theirs.leaderId());
    if (!raft.isFollower() || !isSame || !(leader == 0 || isMissed(leader))) {
      return Answer.REFUSES;
    }
    return absence(leader).precedes(theirs) ? Answer.PRECEDES : Answer.AGREES;
  }
}
