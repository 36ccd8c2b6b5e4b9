package io.quoll.server.consensus;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import io.quoll.server.consensus.MemberMessages.Profile;
import io.quoll.server.coordination.MemberOutcome;
import io.quoll.server.coordination.MemberRequest;
import io.quoll.server.coordination.MembershipPlan;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.store.StateStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does at the leader what is asked about the members, one thing at a time: checks it, has Ratis
 * agree on it by joint consensus, and tells those who leave. Its methods wait, for {@link
 * #CHANGE_SECONDS_MAX} at most, and are not for threads that must not. Thread-safe.
 */
final class MemberChanger {
  /** How long a change may take; most of it is a new member that catches up. */
  static final long CHANGE_SECONDS_MAX = 60;

  private static final Logger LOG = LoggerFactory.getLogger(MemberChanger.class);
  private static final long ANSWERING_MILLIS = 2000;
  private static final long PROFILE_MILLIS = 2000;
  private static final long DISMISS_MILLIS = 1000;
  private static final long TRANSFER_MILLIS = 5000;

  private final ConsensusConfig config;
  private final Replica replica;
  private final PeerChannels channels;
  private final StateStore store;
  private final Supplier<CompletableFuture<?>> barrier;
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * Changes the members of the group that {@code replica} is in.
   *
   * @param barrier is done once this replica has applied all that is agreed on by now
   */
  MemberChanger(
      ConsensusConfig config,
      Replica replica,
      PeerChannels channels,
      StateStore store,
      Supplier<CompletableFuture<?>> barrier) {
    this.config = config;
    this.replica = replica;
    this.channels = channels;
    this.store = store;
    this.barrier = barrier;
  }

  /**
   * Does what is asked for.
   *
   * @param again whether it may have been done already, which then is no error
   * @throws Rejection if it is refused; nothing has changed then
   * @throws UnavailableException if this replica does not lead, or not long enough
   */
  MemberOutcome administer(MemberRequest request, boolean again) throws UnavailableException {
    if (!replica.isLeaderReady()) {
      throw noLeader("server " + config.serverId() + " does not lead");
    }
    if (!busy.compareAndSet(false, true)) {
      throw inProgress();
    }
    try {
      return request instanceof MemberRequest.Change change
          ? change(change, again)
          : transfer(((MemberRequest.Transfer) request).serverId());
    } finally {
      busy.set(false);
    }
  }

  private MemberOutcome change(MemberRequest.Change request, boolean again)
      throws UnavailableException {
    Membership present = replica.members();
    requireVersion(request);
    ImmutableSet.Builder<Integer> answering = ImmutableSet.builder();
    answering.addAll(answering());
    MembershipPlan plan = MembershipPlan.of(request, present, ImmutableSet.of());
    if (plan.changesNothing()) {
      if (!again) {
        throw new Rejection(ErrorCode.BAD_ARGUMENTS, "", "nothing would change: so it is already");
      }
      return outcome(plan);
    }
    for (Member joining : plan.joining()) {
      requireReady(joining, present);
      answering.add(joining.serverId());
    }
    plan = new MembershipPlan(present, plan.after(), answering.build());
    plan.requireQuorum();
    if (request.dryRun()) {
      return new MemberOutcome(plan.after(), 0, plan.notes());
    }
    if (!plan.keepsVoter(config.serverId())) {
      leadNoLonger(plan);
    }
    agreeOn(plan);
    dismiss(plan);
    return outcome(plan);
  }

  private void requireVersion(MemberRequest.Change request) {
    long version = version();
    if (request.version() != MemberRequest.ANY_VERSION && request.version() != version) {
      throw new Rejection(
          ErrorCode.BAD_VERSION,
          Genesis.CONFIG.value(),
          "the configuration has version %x, not %x".formatted(version, request.version()));
    }
  }

  private long version() {
    try (StateStore.View view = store.view()) {
      return view.require(Genesis.CONFIG).mzxid();
    }
  }

  private ImmutableSet<Integer> answering() {
    ImmutableSet.Builder<Integer> answering = ImmutableSet.builder();
    answering.add(config.serverId());
    replica
        .followerSilenceMillis()
        .forEach(
            (serverId, silentMillis) -> {
              if (silentMillis <= ANSWERING_MILLIS) {
                answering.add(serverId);
              }
            });
    for (Member member : replica.members().members()) {
      if (member.observer() && isThere(member)) {
        answering.add(member.serverId());
      }
    }
    return answering.build();
  }

  private boolean isThere(Member member) {
    try {
      return profile(member).serverId() == member.serverId();
    } catch (Rejection silent) {
      return false;
    }
  }

  /** Ratis would wait for half a minute, and its members remember a wrong address for ever. */
  private void requireReady(Member joining, Membership present) {
    if (config.isStandalone()) {
      throw new Rejection(
          ErrorCode.BAD_ARGUMENTS,
          "",
          """
          this server is standalone and has no address for others: give its configuration a line \
          server.%d=host:port;grpcPort, and start it again\
          """
              .formatted(config.serverId()));
    }
    requireFormerAddress(joining);
    Profile profile = profile(joining);
    if (profile.serverId() != joining.serverId()) {
      throw wrong(
          "at %s is server %d, not %d"
              .formatted(joining.peerAddress(), profile.serverId(), joining.serverId()));
    }
    if (!profile.clusterName().equals(config.clusterName())) {
      throw wrong(
          "server %d is of the ensemble \"%s\", and this is \"%s\"; check its clusterName"
              .formatted(joining.serverId(), profile.clusterName(), config.clusterName()));
    }
    if (profile.index() >= 0) {
      throw wrong(
          "server %d has data of an ensemble of %s; empty its data directory, and start it again"
              .formatted(joining.serverId(), profile.members().members()));
    }
    LOG.info("{} is to join {}", joining, present.members());
  }

  private void requireFormerAddress(Member joining) {
    try (StateStore.View view = store.view()) {
      String former = view.server(joining.serverId()).map(ServerRecord::peerAddress).orElse("");
      if (!former.isEmpty() && !former.equals(joining.peerAddress())) {
        throw wrong(
            "server %d was a member at %s, where the others would still look for it; take a number"
                    .formatted(joining.serverId(), former)
                + " that was never used");
      }
    }
  }

  private static Rejection wrong(String detail) {
    return new Rejection(ErrorCode.BAD_ARGUMENTS, "", detail);
  }

  private Profile profile(Member member) {
    try {
      return MemberMessages.decodeProfile(
          channels
              .callAt(member.peerAddress(), PeerProtocol.PROFILE, new byte[0], PROFILE_MILLIS)
              .get(2 * PROFILE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException silent) {
      throw new Rejection(
          ErrorCode.NEW_CONFIG_NO_QUORUM,
          "",
          """
          server %d does not answer at %s: start it first, with a configuration that names all \
          members and itself, and see what its log says\
          """
              .formatted(member.serverId(), member.peerAddress()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopping", e);
    }
  }

  // Another leader then does what this one was asked for.
  private void leadNoLonger(MembershipPlan plan) throws UnavailableException {
    int heir =
        plan.after().voters().stream()
            .map(Member::serverId)
            .filter(plan.answering()::contains)
            .filter(serverId -> plan.before().find(serverId).isPresent())
            .findFirst()
            .orElseThrow(() -> wrong("the leader cannot go: nobody could lead in its place"));
    transfer(heir);
    throw noLeader("server " + config.serverId() + " gave the leadership up, for it is to leave");
  }

  private void agreeOn(MembershipPlan plan) throws UnavailableException {
    try {
      replica
          .changeMembers(plan.before(), plan.after().with(correctedSelf(plan)))
          .get(CHANGE_SECONDS_MAX, TimeUnit.SECONDS);
      LOG.info("The members are now {}", plan.after().members());
    } catch (ExecutionException failure) {
      throw told(Throwables.getRootCause(failure), plan);
    } catch (TimeoutException late) {
      throw noLeader("the members were not changed in " + CHANGE_SECONDS_MAX + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw noLeader("the server is stopping");
    }
  }

  // A server that was alone may have had no address, or another one.
  private Member correctedSelf(MembershipPlan plan) {
    Member self = plan.after().find(config.serverId()).orElseThrow();
    return plan.before().members().size() == 1 ? config.selfAsMember() : self;
  }

  private static UnavailableException told(Throwable failure, MembershipPlan plan) {
    if (failure instanceof ReconfigurationInProgressException) {
      throw inProgress();
    }
    if (failure instanceof ReconfigurationTimeoutException) {
      throw new Rejection(
          ErrorCode.NEW_CONFIG_NO_QUORUM,
          "",
          "%s did not catch up in time, and the members are as before"
              .formatted(plan.joining().stream().map(Member::serverId).toList()));
    }
    if (failure instanceof SetConfigurationException) {
      throw wrong("not so many at once: more new voters than stay. " + failure.getMessage());
    }
    return noLeader("the members may not have been changed: " + failure);
  }

  private static Rejection inProgress() {
    return new Rejection(
        ErrorCode.RECONFIG_IN_PROGRESS, "", "another change of the members is under way");
  }

  private static UnavailableException noLeader(String detail) {
    return new UnavailableException(Reason.NO_QUORUM, Applied.UNKNOWN, detail);
  }

  /** Lets those who left, or have to start anew, stop at once; who hears nothing finds out. */
  private void dismiss(MembershipPlan plan) {
    for (Member concerned : Iterables.concat(plan.leaving(), plan.demoted())) {
      Profile now =
          new Profile(
              config.clusterName(),
              config.serverId(),
              config.serverId(),
              replica.membersIndex(),
              plan.after());
      var unused =
          channels
              .callAt(
                  concerned.peerAddress(),
                  PeerProtocol.DISMISS,
                  MemberMessages.encode(now),
                  DISMISS_MILLIS)
              .exceptionally(silent -> new byte[0]);
    }
  }

  private MemberOutcome outcome(MembershipPlan plan) throws UnavailableException {
    try {
      barrier.get().get(CHANGE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw noLeader("the leader was lost after the members were changed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw noLeader("the server is stopping");
    }
    return new MemberOutcome(replica.members(), version(), plan.notes());
  }

  private MemberOutcome transfer(int serverId) throws UnavailableException {
    Membership members = replica.members();
    if (members.find(serverId).filter(member -> !member.observer()).isEmpty()) {
      throw wrong("server " + serverId + " is no voter, and cannot lead");
    }
    if (serverId != config.serverId()) {
      if (!answering().contains(serverId)) {
        throw wrong("server " + serverId + " does not answer, and cannot lead");
      }
      try {
        replica
            .transferTo(serverId, TRANSFER_MILLIS)
            .get(2 * TRANSFER_MILLIS, TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException failure) {
        throw noLeader(
            "server %d did not take the leadership: %s"
                .formatted(serverId, Throwables.getRootCause(failure).getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw noLeader("the server is stopping");
      }
    }
    return new MemberOutcome(members, version(), ImmutableList.of("server " + serverId + " leads"));
  }
}
