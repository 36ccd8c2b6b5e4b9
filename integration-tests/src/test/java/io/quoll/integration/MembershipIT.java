package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.Role;
import io.quoll.client.Configuration;
import io.quoll.client.CreateMode;
import io.quoll.client.ErrorCode;
import io.quoll.client.MemberSpec;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.QuollSession;
import io.quoll.client.Reconfiguration;
import io.quoll.client.WatchMode;
import io.quoll.server.coordination.ExitCode;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Members that come, go and change their role, under load and when something is wrong. */
class MembershipIT {
  private static final String CONFIG = "/zookeeper/config";
  private static final int SPARE = 4;
  private static final Duration CHANGE_MAX = Duration.ofSeconds(90);

  private static Reconfiguration join(MemberSpec member) {
    return Reconfiguration.of(ImmutableList.of(member), ImmutableList.of());
  }

  private static Reconfiguration remove(int id) {
    return Reconfiguration.of(ImmutableList.of(), ImmutableList.of(id));
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            QuollException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void aServerJoinsAndTheLeaderGoesUnderLoadAndNothingIsLost() {
    try (Ensemble ensemble = Ensemble.startWithSpare("membership-moves");
        Clients clients = new Clients(Duration.ofSeconds(30));
        Load load = Load.start(ensemble);
        QuollClient client = ensemble.operator()) {
      QuollSession session = clients.open(ensemble.startingWith(1));
      Told told = new Told();
      session.addWatch(CONFIG, WatchMode.PERSISTENT, told);
      load.awaitMore(200);

      ensemble.server(SPARE).launch();
      Configuration joined = addOnceItWaits(client, ensemble.member(SPARE, false));
      ensemble.server(SPARE).awaitServing();
      load.awaitMore(200);
      ServerProcess former = ensemble.leader();
      int formerId = ensemble.id(former);
      Configuration left = client.reconfigure(remove(formerId));

      assertThat(joined.members()).hasSize(4);
      assertThat(left.members()).extracting(MemberSpec::id).doesNotContain(formerId).hasSize(3);
      assertThat(former.awaitExit(CHANGE_MAX)).isEqualTo(ExitCode.REMOVED.number());
      assertThat(former.output()).contains("was removed from the ensemble");
      load.awaitMore(200);

      ensemble.wipe(formerId);
      former.launch();
      addOnceItWaits(client, ensemble.member(formerId, false));
      former.awaitServing();
      load.awaitMore(200);
      load.stop();
      ensemble.awaitSameDigest();
      load.requireKept(former);
      assertThat(told.lines(session)).hasSize(3).containsOnly("NODE_DATA_CHANGED " + CONFIG);
      String text = client.data(CONFIG).data().toStringUtf8();
      assertThat(text)
          .contains("server.4=127.0.0.1:" + ensemble.peerPort(SPARE))
          .contains("version=");
    }
  }

  /** A server that was started a moment ago does not answer yet. */
  private static Configuration addOnceItWaits(QuollClient client, MemberSpec member) {
    return await("server %d is added".formatted(member.id()))
        .atMost(CHANGE_MAX)
        .ignoreExceptionsMatching(
            failure ->
                failure instanceof QuollException refused
                    && refused.code() == ErrorCode.NEW_CONFIG_NO_QUORUM)
        .until(() -> client.reconfigure(join(member)), configuration -> true);
  }

  @Test
  void whatWouldLoseTheQuorumIsRefusedAndADeadServerIsReplaced() {
    try (Ensemble ensemble = Ensemble.startWithSpare("membership-replace");
        QuollClient client = ensemble.operator()) {
      ServerProcess leader = ensemble.leader();
      int deadId = leader == ensemble.server(3) ? 2 : 3;
      int otherId = ensemble.id(leader) == 1 ? 5 - deadId : 1;
      ServerProcess dead = ensemble.server(deadId);
      client.create("/kept", ByteString.copyFromUtf8("x"), CreateMode.PERSISTENT);
      assertRefused(
          ErrorCode.BAD_ARGUMENTS, () -> client.reconfigure(join(ensemble.member(1, false))));
      assertRefused(
          ErrorCode.NEW_CONFIG_NO_QUORUM,
          () -> client.reconfigure(join(ensemble.member(SPARE, false))));
      assertRefused(ErrorCode.BAD_ARGUMENTS, () -> client.reconfigure(remove(9)));
      assertRefused(ErrorCode.BAD_VERSION, () -> client.reconfigure(remove(deadId).from(0x7777)));

      dead.kill();
      await("the leader misses it")
          .atMost(CHANGE_MAX)
          .untilAsserted(
              () ->
                  assertRefused(
                      ErrorCode.NEW_CONFIG_NO_QUORUM,
                      () -> client.reconfigure(remove(otherId).asDryRun())));
      assertThat(client.reconfigure(remove(deadId).asDryRun()).version()).isZero();
      client.reconfigure(remove(deadId));
      ensemble.server(SPARE).launch();
      addOnceItWaits(client, ensemble.member(SPARE, false));
      ensemble.server(SPARE).awaitServing();

      dead.launch();
      assertThat(dead.awaitExit(CHANGE_MAX)).isEqualTo(ExitCode.REMOVED.number());
      assertThat(client.exists("/kept")).isPresent();
    }
  }

  @Test
  void aVoterIsDemotedAndPromotedAndTheLeadershipGoesWhereItIsSent() {
    try (Ensemble ensemble = Ensemble.start("membership-roles");
        QuollClient client = ensemble.operator()) {
      ServerProcess follower = ensemble.followers().get(0);
      int id = ensemble.id(follower);

      client.reconfigure(join(new MemberSpec(id, "", "", true)));
      assertThat(follower.awaitExit(CHANGE_MAX)).isEqualTo(ExitCode.DEMOTED.number());
      follower.start();
      await("it observes").atMost(CHANGE_MAX).until(() -> role(follower) == Role.OBSERVER);
      client.reconfigure(join(new MemberSpec(id, "", "", false)));
      await("it votes").atMost(CHANGE_MAX).until(() -> role(follower) == Role.FOLLOWER);
      client.transferLeadership(id);

      assertThat(ensemble.leader()).isEqualTo(follower);
      follower.kill();
      assertThat(ensemble.leader()).isNotEqualTo(follower);
      follower.start();
      ensemble.awaitSameDigest();
    }
  }

  private static Role role(ServerProcess server) {
    return server.standing().map(MemberStatus::getRole).orElse(Role.ROLE_UNSPECIFIED);
  }
}
