package io.quoll.server.consensus;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.codec.EntryCodec;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Lets those followers know soon what the leader committed last that have no stream of the {@link
 * CommitFeed}, which tells them at once. They learn it along with the next entry; when there is
 * none, they would wait for the next heartbeat, a quarter of a second away, and so would every
 * client of theirs that waits for a reply.
 *
 * <p>First a heartbeat is asked for, which costs no write to disk. It may carry no news, while its
 * follower has not answered the entry itself; and it may not be sent at all, for the threads of
 * Ratis 3.3.0 that send entries and heartbeats lose a signal that comes right before they wait
 * ({@code AwaitForSignal}). So to whoever still lags after that, an empty entry is sent, which
 * brings the news with it, and is itself no news. For one thread at a time, as the proposer takes
 * turns.
 */
final class CommitNudge {
  private static final long AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(1500);
  private static final int HEARTBEATS = 2;

  private final ProposalLog log;
  private final CommitFeed commits;
  private final Clock clock;
  private final Ticker ticker;
  private long toldIndex = -1;
  private int heartbeats;
  private boolean told;
  private boolean emptyUnderWay;
  private long lastNanos;

  /**
   * Nudges by {@code log}.
   *
   * @param commits who hears by it needs no nudge
   * @param clock stamps the empty entries
   * @param ticker tells when it is time to nudge again
   */
  CommitNudge(ProposalLog log, CommitFeed commits, Clock clock, Ticker ticker) {
    this.log = log;
    this.commits = commits;
    this.clock = clock;
    this.ticker = ticker;
  }

  /** Nudges those who lag, if no entry will tell them, and it is time. */
  void perhaps(boolean nothingInFlight) {
    if (!nothingInFlight) {
      return;
    }
    long commitIndex = log.commitIndex();
    if (commitIndex != toldIndex) {
      told = emptyUnderWay && commitIndex == toldIndex + 1;
      emptyUnderWay = false;
      toldIndex = commitIndex;
      heartbeats = 0;
    }
    if (isDue() && (heartbeats == 0 || ticker.read() - lastNanos >= AGAIN_NANOS)) {
      nudge();
    }
  }

  private void nudge() {
    List<RaftPeerId> behind = membersToNudge();
    lastNanos = ticker.read();
    if (behind.isEmpty()) {
      told = true;
    } else if (heartbeats < HEARTBEATS) {
      heartbeats++;
      for (RaftPeerId follower : behind) {
        var unused = log.tellCommitIndex(follower);
      }
    } else {
      told = true;
      emptyUnderWay = true;
      var unused =
          log.append(EntryCodec.encodeEntry(clock.millis(), ImmutableList.of()).toByteArray());
    }
  }

  /** Whether anybody may have to be nudged when something is committed. Thread-safe. */
  boolean mayBeNeeded() {
    return !commits.tellsAll();
  }

  private List<RaftPeerId> membersToNudge() {
    if (commits.tellsAll()) { // Who lags costs a look into many things, after each entry.
      return List.of();
    }
    return log.membersBehindCommit().stream()
        .filter(member -> !commits.tells(Integer.parseInt(member.toString())))
        .toList();
  }

  /** Whether somebody may have to be nudged again in a moment. */
  boolean isDue() {
    return !told && toldIndex >= 0;
  }

  /** How long that moment is. */
  long delayNanos() {
    return AGAIN_NANOS;
  }
}
