package io.quoll.server.consensus;

import com.google.common.collect.ImmutableList;
import io.quoll.server.consensus.MemberMessages.Profile;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.server.coordination.StartupException;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Ends the process of a server that is a member no longer, or no longer as what it runs, with the
 * reason. A server that was removed often is not told: nobody sends it the entry that says so. So
 * one that hears no leader, or whose replica Ratis has closed, asks the others. Thread-safe.
 */
final class MemberInquiry {
  private static final long ANSWER_MILLIS = 1500;

  /** So long a server that is to end goes on, so that it can tell what it did. */
  private static final Duration GRACE = Duration.ofMillis(700);

  private final ConsensusConfig config;
  private final PeerChannels channels;
  private final Supplier<Profile> own;
  private final Function<Duration, Executor> delayed;
  private final FatalHandler fatal;
  private final AtomicBoolean ending = new AtomicBoolean();

  /**
   * Asks by {@code channels}.
   *
   * @param own what this server knows itself
   * @param delayed gives an executor that runs what it is given after a time
   */
  MemberInquiry(
      ConsensusConfig config,
      PeerChannels channels,
      Supplier<Profile> own,
      Function<Duration, Executor> delayed,
      FatalHandler fatal) {
    this.config = config;
    this.channels = channels;
    this.own = own;
    this.delayed = delayed;
    this.fatal = fatal;
  }

  /** Looks at what the ensemble has agreed on; {@code isVoter} is what this server runs as. */
  void look(Membership agreed, boolean isVoter) {
    Optional<Member> self = agreed.find(config.serverId());
    if (self.isEmpty()) {
      StartupException reason = removed(config.serverId(), agreed);
      end(reason.exitCode(), String.valueOf(reason.getMessage()));
    } else if (isVoter && self.get().observer()) {
      end(
          ExitCode.DEMOTED,
          "server %d is an observer now, and has to be started again as one; its data stays"
              .formatted(config.serverId()));
    }
  }

  private void end(ExitCode code, String reason) {
    if (!ending.getAndSet(true)) {
      delayed.apply(GRACE).execute(() -> fatal.halt(code, reason, null));
    }
  }

  /** Whether the process is about to end, for a reason that was found. */
  boolean isEnding() {
    return ending.get();
  }

  /** Asks all others, and looks at the latest that they have agreed on; fails never. */
  CompletableFuture<?> ask(boolean isVoter) {
    Profile known = own.get();
    ImmutableList<CompletableFuture<Void>> asked =
        known.members().members().stream()
            .map(Member::serverId)
            .filter(serverId -> serverId != config.serverId())
            .map(serverId -> ask(serverId, known, isVoter))
            .collect(ImmutableList.toImmutableList());
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> ask(int serverId, Profile known, boolean isVoter) {
    return channels
        .callAnew(serverId, PeerProtocol.PROFILE, new byte[0], ANSWER_MILLIS)
        .thenApply(MemberMessages::decodeProfile)
        .thenAccept(
            theirs -> {
              if (isNews(theirs, known)) {
                look(theirs.members(), isVoter);
              }
            })
        .exceptionally(silent -> null);
  }

  // Only one that hears a leader knows what is agreed on, and not merely proposed.
  private boolean isNews(Profile theirs, Profile known) {
    return theirs.clusterName().equals(config.clusterName())
        && theirs.leaderId() != 0
        && theirs.index() > known.index();
  }

  /** Why a server that is none of {@code members} does not run. */
  static StartupException removed(int serverId, Membership members) {
    return new StartupException(
        ExitCode.REMOVED,
        """
        server %d was removed from the ensemble, whose members are now %s. To have it take part \
        again, empty its data directory and add it with "quoll cluster add\"\
        """
            .formatted(
                serverId,
                members.members().stream()
                    .map(member -> member.serverId() + "=" + member.peerAddress())
                    .toList()));
  }
}
