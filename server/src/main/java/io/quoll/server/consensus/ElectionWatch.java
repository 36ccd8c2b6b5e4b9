package io.quoll.server.consensus;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The thread that looks after the leader by {@link EarlyElection}. Thread-safe. */
final class ElectionWatch implements AutoCloseable {
  private static final long ASK_MILLIS = 150;

  private final FatalHandler fatal;
  private final LeaderPresence presence;
  private final EarlyElection election;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "quoll-election");
            thread.setDaemon(true);
            return thread;
          });

  @GuardedBy("this")
  private @Nullable Future<?> next;

  @GuardedBy("this")
  private boolean closed;

  ElectionWatch(ConsensusConfig config, Replica raft, PeerChannels channels, FatalHandler fatal) {
    this.fatal = fatal;
    this.presence =
        new LeaderPresence(
            (leader, onWord, onEnd) -> LeaderStream.open(channels, leader, onWord, onEnd),
            () -> lookAfter(0));
    this.election =
        new EarlyElection(
            config.serverId(),
            () -> otherVoters(config.serverId(), raft.members()),
            raft,
            (voter, absence) ->
                channels
                    .callAnew(voter, PeerProtocol.MISS, PeerMessages.encode(absence), ASK_MILLIS)
                    .thenApply(PeerMessages::decodeAnswer),
            presence,
            Ticker.systemTicker());
  }

  private static ImmutableSet<Integer> otherVoters(int self, Membership members) {
    return members.voters().stream()
        .map(Member::serverId)
        .filter(serverId -> serverId != self)
        .collect(ImmutableSet.toImmutableSet());
  }

  void start() {
    lookAfter(0);
  }

  /** What this replica says to one that misses its leader. */
  Absence.Answer answer(Absence theirs) {
    return election.answer(theirs);
  }

  private synchronized void lookAfter(long delayMillis) {
    if (closed) {
      return;
    }
    if (next != null) {
      next.cancel(false);
    }
    next = executor.schedule(this::look, delayMillis, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      lookAfter(election.look());
    } catch (Throwable defect) { // Without looks, this replica would only be slow to elect.
      fatal.halt(ExitCode.UNEXPECTED, "looking after the leader failed", defect);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    presence.close();
    executor.shutdown();
  }
}
