package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.Role;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollSession;
import io.quoll.client.WatchMode;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An observer beside three voters: it serves as they do, and never counts. */
class ObserverIT {
  private static final int OBSERVER = 4;
  private static final int WRITES = Form.of(30_000, 200_000);
  private static final Duration NOTICED_MAX = Duration.ofSeconds(30);

  private static Ensemble ensemble;
  private static Clients clients;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.startWithObservers(1, "observer", Bulk.SETTINGS);
    clients = new Clients(Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() {
    clients.close();
    ensemble.close();
  }

  @AfterEach
  void startWhatIsDown() {
    ensemble.startAll();
  }

  private static ServerProcess observer() {
    return ensemble.server(OBSERVER);
  }

  private static ImmutableList<ServerProcess> followingVoters() {
    return ensemble.followers().stream()
        .filter(server -> !server.equals(observer()))
        .collect(ImmutableList.toImmutableList());
  }

  private static QuollSession session(ServerProcess server) {
    return clients.open(server);
  }

  @Test
  void aSessionAtTheObserverWritesReadsAndIsToldOfChanges() {
    QuollSession elsewhere = session(ensemble.leader());
    QuollSession session = session(observer());
    String home = clients.home(session);
    Told told = new Told();
    session.addWatch(home, WatchMode.PERSISTENT_RECURSIVE, told);

    session.create(home + "/mine", null, CreateMode.EPHEMERAL);
    elsewhere.sync("/");
    elsewhere.create(home + "/theirs", null, CreateMode.PERSISTENT);

    session.sync("/");
    assertThat(told.lines(session))
        .containsExactly("NODE_CREATED " + home + "/mine", "NODE_CREATED " + home + "/theirs");
    assertThat(session.exists(home + "/theirs")).isPresent();
    assertThat(elsewhere.exists(home + "/mine").orElseThrow().ephemeralOwner())
        .isEqualTo(session.id());
    session.close();
    elsewhere.sync("/");
    assertThat(elsewhere.exists(home + "/mine")).isEmpty();
  }

  @Test
  void theObserverIsNoPartOfAQuorum() {
    ServerProcess leader = ensemble.leader();
    try (QuollClient client = Ensemble.clientOf(leader)) {
      client.create("/without-two", null, CreateMode.PERSISTENT);

      observer().kill();
      followingVoters().get(0).kill();

      assertThat(client.setData("/without-two", ByteString.EMPTY, 0).version()).isEqualTo(1);
    }
  }

  @Test
  void theObserverKnowsThatItHasNoLeaderAndServesReads() {
    String path;
    try (QuollClient client = Ensemble.clientOf(observer())) {
      path = client.create("/alone", null, CreateMode.PERSISTENT).path();
      ServerProcess leader = ensemble.leader();
      ServerProcess follower = followingVoters().get(0);

      leader.kill();
      follower.kill();

      await("the observer misses the leader")
          .atMost(NOTICED_MAX)
          .until(() -> standing().getLeaderId() == 0);
      assertThat(standing().getRole()).isEqualTo(Role.OBSERVER);
      assertThat(client.exists(path)).isPresent();
      ensemble.startAll();
      assertThat(client.setData(path, ByteString.EMPTY, 0).version()).isEqualTo(1);
    }
  }

  private static MemberStatus standing() {
    return observer().standing().orElseThrow();
  }

  @Test
  void anObserverThatMissedMoreThanTheLogHoldsCatchesUpByASnapshot() throws Exception {
    observer().kill();
    new Bulk(ensemble, Form.random("ObserverIT")).write("/missed", WRITES);

    observer().start();

    ensemble.awaitSameDigest();
    assertThat(observer().output()).contains("Fetched the snapshot of");
    try (QuollClient client = Ensemble.clientOf(observer())) {
      assertThat(client.exists("/missed/" + (WRITES - 1))).isPresent();
    }
  }
}
