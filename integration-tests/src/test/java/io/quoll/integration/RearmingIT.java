package io.quoll.integration;

import static io.quoll.client.WatchMode.PERSISTENT;
import static io.quoll.client.WatchMode.PERSISTENT_RECURSIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionState;
import io.quoll.client.WatchKind;
import io.quoll.client.Write;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What watches tell that were away: the session's server is lost, things happen, and it comes to
 * another server.
 */
class RearmingIT {
  private static final PageRequest PAGE = PageRequest.first();
  private static final int HISTORY_EVENTS = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration STATE_MAX = Duration.ofSeconds(30);

  private static Ensemble ensemble;
  private static Clients clients;
  private static QuollSession changer;

  private final Told told = new Told();
  private Relay near;
  private Relay far;
  private QuollSession watcher;
  private String home;
  private String node;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("rearming", "historyEvents=" + HISTORY_EVENTS);
    clients = new Clients(TIMEOUT);
    changer = clients.open(ensemble.startingWith(2));
  }

  @AfterAll
  static void stop() {
    clients.close();
    ensemble.close();
  }

  @BeforeEach
  void open() {
    near = Relay.to(ensemble.server(1));
    far = Relay.to(ensemble.server(3));
    far.cut();
    watcher = clients.open(near, far);
    home = clients.home(changer);
    node = home + "/node";
    watcher.sync("/");
  }

  @AfterEach
  void close() {
    watcher.close();
    near.close();
    far.close();
  }

  private void create(String path) {
    changer.create(path, null, CreateMode.PERSISTENT);
    watcher.sync("/");
  }

  private static void set(String path) {
    changer.setData(path, ByteString.EMPTY, Write.ANY_VERSION);
  }

  private static void delete(String path) {
    changer.delete(path, Write.ANY_VERSION);
  }

  /** Does {@code changes} while the watcher is away from one server and not at the other yet. */
  private void whileAway(Runnable changes) {
    near.cut();
    awaitState(SessionState.DISCONNECTED);
    changes.run();
    far.mend();
    awaitState(SessionState.CONNECTED);
  }

  private void awaitState(SessionState state) {
    await("the session is " + state)
        .atMost(STATE_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> watcher.state() == state);
  }

  @Test
  void aDataWatchTellsOfADeleteThatItMissed() {
    create(node);
    watcher.data(node, told);

    whileAway(() -> delete(node));

    assertThat(told.lines(watcher)).containsExactly("NODE_DELETED " + node);
  }

  @Test
  void aDataWatchTellsOfAChangeThatItMissedOnce() {
    create(node);
    watcher.data(node, told);

    whileAway(
        () -> {
          set(node);
          set(node);
        });

    assertThat(told.lines(watcher)).containsExactly("NODE_DATA_CHANGED " + node);
    assertThat(watcher.checkWatches(node, WatchKind.DATA)).isFalse();
  }

  @Test
  void aDataWatchTellsOfADeleteAndACreateAsOfAChange() {
    create(node);
    watcher.data(node, told);

    whileAway(
        () -> {
          delete(node);
          changer.create(node, null, CreateMode.PERSISTENT);
        });

    assertThat(told.lines(watcher)).containsExactly("NODE_DATA_CHANGED " + node);
  }

  @Test
  void anExistsWatchTellsOfACreateThatItMissed() {
    watcher.exists(node, told);

    whileAway(() -> changer.create(node, null, CreateMode.PERSISTENT));

    assertThat(told.lines(watcher)).containsExactly("NODE_CREATED " + node);
  }

  @Test
  void anExistsWatchTellsNothingOfACreateAndADeleteAndStays() {
    watcher.exists(node, told);

    whileAway(
        () -> {
          changer.create(node, null, CreateMode.PERSISTENT);
          delete(node);
        });

    assertThat(told.lines(watcher)).isEmpty();
    assertThat(watcher.checkWatches(node, WatchKind.DATA)).isTrue();
    create(node);
    assertThat(told.lines(watcher)).containsExactly("NODE_CREATED " + node);
  }

  @Test
  void aChildWatchTellsOfAChangeOfTheListThatItMissedOnce() {
    watcher.children(home, PAGE, told);

    whileAway(
        () -> {
          changer.create(node, null, CreateMode.PERSISTENT);
          delete(node);
        });

    assertThat(told.lines(watcher)).containsExactly("NODE_CHILDREN_CHANGED " + home);
  }

  @Test
  void aChildWatchTellsOfADeleteThatItMissed() {
    create(node);
    watcher.children(node, PAGE, told);

    whileAway(() -> delete(node));

    assertThat(told.lines(watcher)).containsExactly("NODE_DELETED " + node);
  }

  @Test
  void watchesOfWhichNothingHappenedTellNothingAndStay() {
    create(node);
    watcher.data(node, told);
    watcher.children(node, PAGE, told);
    watcher.addWatch(node, PERSISTENT, told);

    whileAway(() -> set(home));

    assertThat(told.lines(watcher)).isEmpty();
    set(node);
    create(node + "/child");
    assertThat(told.lines(watcher))
        .containsExactly("NODE_DATA_CHANGED " + node, "NODE_CHILDREN_CHANGED " + node);
  }

  @Test
  void aPersistentWatchTellsAllThatItMissedInOrder() {
    watcher.addWatch(node, PERSISTENT, told);

    whileAway(this::changeAll);

    assertThat(told.lines(watcher))
        .containsExactly(
            "NODE_CREATED " + node,
            "NODE_DATA_CHANGED " + node,
            "NODE_CHILDREN_CHANGED " + node,
            "NODE_CHILDREN_CHANGED " + node,
            "NODE_DELETED " + node);
    assertThat(told.gaps(watcher)).isEmpty();
  }

  @Test
  void aRecursiveWatchTellsAllThatItMissedInOrder() {
    watcher.addWatch(home, PERSISTENT_RECURSIVE, told);

    whileAway(this::changeAll);
    create(node);

    assertThat(told.lines(watcher))
        .containsExactly(
            "NODE_CREATED " + node,
            "NODE_DATA_CHANGED " + node,
            "NODE_CREATED " + node + "/child",
            "NODE_DELETED " + node + "/child",
            "NODE_DELETED " + node,
            "NODE_CREATED " + node);
    assertThat(told.gaps(watcher)).isEmpty();
  }

  private void changeAll() {
    changer.create(node, null, CreateMode.PERSISTENT);
    set(node);
    changer.create(node + "/child", null, CreateMode.PERSISTENT);
    delete(node + "/child");
    delete(node);
  }

  @Test
  void watchesOfEveryKindOnOnePathEachTellTheirOwnAfterwards() {
    create(node);
    Told ofPersistent = new Told();
    watcher.data(node, told);
    watcher.addWatch(node, PERSISTENT, ofPersistent);

    whileAway(
        () -> {
          set(node);
          delete(node);
          changer.create(node, null, CreateMode.PERSISTENT);
        });

    assertThat(told.lines(watcher)).containsExactly("NODE_DATA_CHANGED " + node);
    assertThat(ofPersistent.lines(watcher))
        .containsExactly(
            "NODE_DATA_CHANGED " + node, "NODE_DELETED " + node, "NODE_CREATED " + node);
  }

  @Test
  void aWatchThatMissedMoreThanTheHistoryHoldsIsToldOfTheGapAndGoesOn() {
    watcher.addWatch(home, PERSISTENT_RECURSIVE, told);

    whileAway(() -> clients.makeHistoryForget(changer, home));
    changer.create(node, null, CreateMode.PERSISTENT);

    assertThat(told.lines(watcher)).last().isEqualTo("NODE_CREATED " + node);
    assertThat(told.gaps(watcher))
        .singleElement()
        .satisfies(gap -> assertThat(gap.throughZxid()).isGreaterThan(gap.afterZxid()))
        .satisfies(
            gap ->
                assertThat(told.events(watcher))
                    .allMatch(event -> event.zxid() > gap.throughZxid()));
  }

  @Test
  void aOneShotWatchNeedsNoHistory() {
    create(node);
    watcher.data(node, told);

    whileAway(
        () -> {
          set(node);
          clients.makeHistoryForget(changer, home);
        });

    assertThat(told.lines(watcher)).containsExactly("NODE_DATA_CHANGED " + node);
  }

  @Test
  void watchesMoveWithTheSessionOfAServerThatIsKilled() {
    QuollSession session = clients.open(List.of(ensemble.server(3), ensemble.server(1)));
    session.sync("/");
    session.exists(node, told);
    session.addWatch(home, PERSISTENT_RECURSIVE, told);

    ensemble.server(3).kill();
    changer.create(node, null, CreateMode.PERSISTENT);

    assertThat(told.lines(session)).containsExactly("NODE_CREATED " + node);
    session.close();
    ensemble.startAll();
  }

  @Test
  void watchesMoveWithTheSessionOfAServerThatIsSilent() {
    Clients impatient = new Clients(Duration.ofSeconds(4));
    QuollSession session = impatient.open(List.of(ensemble.server(3), ensemble.server(1)));
    session.sync("/");
    session.exists(node, told);
    session.addWatch(home, PERSISTENT_RECURSIVE, told);

    ensemble.server(3).pause();
    changer.create(node, null, CreateMode.PERSISTENT);

    assertThat(told.lines(session)).containsExactly("NODE_CREATED " + node);
    ensemble.server(3).resume();
    session.close();
    impatient.close();
  }
}
