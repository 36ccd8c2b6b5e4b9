package io.quoll.integration;

import static io.quoll.client.WatchMode.PERSISTENT_RECURSIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.Created;
import io.quoll.client.ErrorCode;
import io.quoll.client.NextEvent;
import io.quoll.client.QuollException;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionState;
import io.quoll.client.Stat;
import io.quoll.client.WatchEvent;
import io.quoll.client.Write;
import io.quoll.client.ZnodeData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions, and the kinds of znodes that live as long as something else does. */
class SessionsIT {
  private static final int TICK_MILLIS = 1_000;
  private static final Duration CLEANED_MAX = Duration.ofSeconds(20);
  private static final Duration TTL = Duration.ofMillis(300);

  private static Ensemble ensemble;
  private static Clients clients;
  private static QuollSession session;

  private String home;

  @BeforeAll
  static void start() {
    ensemble =
        Ensemble.start(
            "sessions", "tickTime=" + TICK_MILLIS, "znode.container.checkIntervalMs=100");
    clients = new Clients(Duration.ofSeconds(20));
    session = clients.open(ensemble.startingWith(1));
  }

  @AfterAll
  static void stop() {
    clients.close();
    ensemble.close();
  }

  @BeforeEach
  void makeHome() {
    home = clients.home(session);
  }

  private Created create(String name, CreateMode mode) {
    return session.create(home + "/" + name, null, mode);
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            QuollException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  private static void awaitGone(String path) {
    await(path + " goes")
        .atMost(CLEANED_MAX)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> session.exists(path).isEmpty());
  }

  @Test
  void anEphemeralZnodeIsOwnedByItsSessionAndHasNoChildren() {
    Stat stat = create("ephemeral", CreateMode.EPHEMERAL).stat();

    assertThat(stat.ephemeralOwner()).isEqualTo(session.id());
    assertRefused(
        ErrorCode.NO_CHILDREN_FOR_EPHEMERALS,
        () -> create("ephemeral/child", CreateMode.PERSISTENT));
    assertRefused(
        ErrorCode.NO_CHILDREN_FOR_EPHEMERALS,
        () -> create("ephemeral/child", CreateMode.EPHEMERAL));
  }

  @Test
  void anEphemeralZnodeMayBeDeletedAndChangedByOthers() {
    QuollSession owner = clients.open(ensemble.server(3));
    owner.create(home + "/of-owner", null, CreateMode.EPHEMERAL);

    session.setData(home + "/of-owner", ByteString.EMPTY, 0);
    session.delete(home + "/of-owner", 1);

    owner.sync("/");
    assertThat(owner.ephemerals("")).isEmpty();
  }

  @Test
  void theEndOfASessionDeletesItsEphemeralsAtOneZxidAndNothingElse() {
    QuollSession leaving = clients.open(ensemble.server(3));
    Told told = new Told();
    session.addWatch(home, PERSISTENT_RECURSIVE, told);
    leaving.create(home + "/a", null, CreateMode.EPHEMERAL);
    leaving.create(home + "/b", null, CreateMode.EPHEMERAL_SEQUENTIAL);
    leaving.create(home + "/stays", null, CreateMode.PERSISTENT);
    for (int i = 0; i < 20; i++) { // Still under way when the session is closed.
      var unused = leaving.async().create(home + "/c" + i, null, CreateMode.EPHEMERAL);
    }

    leaving.close();

    List<WatchEvent> deletes =
        told.events(session).stream()
            .filter(event -> Told.line(event).startsWith("NODE_DELETED"))
            .toList();
    assertThat(deletes).hasSize(22);
    assertThat(deletes.stream().map(WatchEvent::zxid).distinct()).hasSize(1);
    assertThat(session.exists(home + "/stays")).isPresent();
  }

  @Test
  void sequentialZnodesTakeTheNumberOfChildrenEverCreated() {
    create("plain", CreateMode.PERSISTENT);
    create("plain2", CreateMode.EPHEMERAL);
    session.delete(home + "/plain", Write.ANY_VERSION);

    assertThat(create("s-", CreateMode.PERSISTENT_SEQUENTIAL).path())
        .isEqualTo(home + "/s-0000000002");
    assertThat(create("e-", CreateMode.EPHEMERAL_SEQUENTIAL).path())
        .isEqualTo(home + "/e-0000000003");
    assertThat(create("", CreateMode.PERSISTENT_SEQUENTIAL).path()).isEqualTo(home + "/0000000004");
    session.create(home + "/t-", null, CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL, TTL);
    assertThat(create("s-", CreateMode.PERSISTENT_SEQUENTIAL).path())
        .isEqualTo(home + "/s-0000000006");
  }

  @Test
  void aContainerGoesOnceItsLastChildHas() {
    assertThat(create("container", CreateMode.CONTAINER).stat().ephemeralOwner()).isZero();
    create("unused", CreateMode.CONTAINER);
    create("container/child", CreateMode.PERSISTENT);

    session.delete(home + "/container/child", Write.ANY_VERSION);

    awaitGone(home + "/container");
    assertThat(session.exists(home + "/unused")).as("it never had a child").isPresent();
  }

  @Test
  void aZnodeWithATimeToLiveGoesOnceThatHasPassedWithoutChildrenAndNewData() {
    long before = System.currentTimeMillis();
    Stat stat = session.create(home + "/ttl", null, CreateMode.PERSISTENT_WITH_TTL, TTL).stat();
    session.create(home + "/parent", null, CreateMode.PERSISTENT_WITH_TTL, TTL);
    create("parent/child", CreateMode.PERSISTENT);

    awaitGone(home + "/ttl");

    assertThat(stat.ephemeralOwner()).isZero();
    assertThat(System.currentTimeMillis() - before).isGreaterThanOrEqualTo(TTL.toMillis());
    assertThat(session.exists(home + "/parent")).as("it has a child").isPresent();
    session.delete(home + "/parent/child", Write.ANY_VERSION);
    awaitGone(home + "/parent");
  }

  @Test
  void aTimeToLiveBelongsToItsModesAlone() {
    assertRefused(
        ErrorCode.BAD_ARGUMENTS,
        () -> session.create(home + "/x", null, CreateMode.PERSISTENT, TTL));
    assertRefused(
        ErrorCode.BAD_ARGUMENTS,
        () -> session.create(home + "/x", null, CreateMode.PERSISTENT_WITH_TTL, Duration.ZERO));
    assertThat(session.exists(home + "/x")).isEmpty();
  }

  @Test
  void ephemeralsAreThoseOfTheSessionThatBeginWithThePrefix() {
    QuollSession owner = clients.open(ensemble.server(2));
    create("not-of-owner", CreateMode.EPHEMERAL);
    owner.create(home + "/b", null, CreateMode.EPHEMERAL);
    owner.create(home + "/a", null, CreateMode.EPHEMERAL);
    owner.create(home + "/ax", null, CreateMode.EPHEMERAL);

    assertThat(owner.ephemerals("")).containsExactly(home + "/a", home + "/ax", home + "/b");
    assertThat(owner.ephemerals(home + "/a")).containsExactly(home + "/a", home + "/ax");
    assertThat(owner.ephemerals("/none")).isEmpty();
    owner.close();
  }

  @Test
  void eachReadSeesTheWritesOfItsSessionBeforeItAndNoneBehind() {
    QuollSession pipeline = clients.open(ensemble.followers().get(0));
    create("counter", CreateMode.PERSISTENT);
    pipeline.sync("/");

    List<CompletableFuture<ZnodeData>> reads = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      var unused = pipeline.async().setData(home + "/counter", ByteString.EMPTY, i - 1);
      reads.add(pipeline.async().data(home + "/counter"));
    }

    assertThat(reads)
        .extracting(read -> read.join().stat().version())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 300).boxed().toList());
    pipeline.close();
  }

  @Test
  void theSessionOfAKilledServerMovesWithItsEphemeralsAndWatches() {
    ServerProcess victim = ensemble.followers().get(0);
    QuollSession moving =
        clients.open(
            List.of(victim, ensemble.allBut(victim).get(0), ensemble.allBut(victim).get(1)));
    moving.create(home + "/mine", null, CreateMode.EPHEMERAL);
    NextEvent next = new NextEvent();
    moving.data(home + "/mine", next);
    Told told = new Told();
    moving.addWatch(home, PERSISTENT_RECURSIVE, told);
    QuollSession other = clients.open(ensemble.allBut(victim));

    victim.kill();

    other.setData(home + "/mine", ByteString.EMPTY, 0);
    assertThat(told.lines(moving)).containsExactly("NODE_DATA_CHANGED " + home + "/mine");
    assertThat(next.event()).isCompleted();
    assertThat(moving.state()).isEqualTo(SessionState.CONNECTED);
    assertThat(moving.ephemerals("")).containsExactly(home + "/mine");
    moving.close();
    assertThat(other.exists(home + "/mine")).isEmpty();
    ensemble.startAll();
  }

  @Test
  void aSessionThatStaysSilentForTooLongIsExpiredForItsClientToo() {
    Clients impatient = new Clients(Duration.ofMillis(2 * TICK_MILLIS));
    try (Relay relay = Relay.to(ensemble.server(1))) {
      QuollSession cutOff = impatient.open(relay);
      cutOff.create(home + "/mine", null, CreateMode.EPHEMERAL);
      NextEvent next = new NextEvent();
      cutOff.data(home + "/mine", next);

      relay.cut();
      awaitGone(home + "/mine");
      relay.mend();

      assertThatThrownBy(() -> next.event().join()).hasMessageContaining("expired");
      assertThat(cutOff.state()).isEqualTo(SessionState.EXPIRED);
      assertRefused(ErrorCode.SESSION_EXPIRED, () -> cutOff.exists("/"));
    } finally {
      impatient.close();
    }
  }

  @Test
  void aQuietClientsSessionLives() {
    Clients impatient = new Clients(Duration.ofMillis(2 * TICK_MILLIS));
    try (RawSession silent = RawSession.open(ensemble.server(2), 3 * TICK_MILLIS)) {
      QuollSession quiet = impatient.open(ensemble.server(2));
      quiet.create(home + "/quiet", null, CreateMode.EPHEMERAL);
      silent.started();

      assertThat(silent.end()).isEqualTo("SESSION_EXPIRED");

      assertThat(session.exists(home + "/quiet")).isPresent();
      assertThat(quiet.state()).isEqualTo(SessionState.CONNECTED);
      quiet.close();
    } finally {
      impatient.close();
    }
  }
}
