package io.quoll.integration;

import static io.quoll.client.WatchMode.PERSISTENT;
import static io.quoll.client.WatchMode.PERSISTENT_RECURSIVE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollSession;
import io.quoll.client.TreeWatch;
import io.quoll.client.WatchOptions;
import io.quoll.client.WatchedZnode;
import io.quoll.client.Write;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watches apart from sessions: from a zxid on or with the state first, and without a gap. */
class TreeWatchIT {
  private static final int HISTORY_EVENTS = 1_000;
  private static final int CHANGES_AT_ONCE = 50;
  private static final WatchOptions RECURSIVE = WatchOptions.of(PERSISTENT_RECURSIVE);

  private static Ensemble ensemble;
  private static Clients clients;
  private static QuollSession changer;

  private final TreeRecord record = new TreeRecord();
  private String home;
  private String node;
  private String end;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("tree-watch", "historyEvents=" + HISTORY_EVENTS);
    clients = new Clients(Duration.ofSeconds(30));
    changer = clients.open(ensemble.server(2));
  }

  @AfterAll
  static void stop() {
    clients.close();
    ensemble.close();
  }

  @BeforeEach
  void makeHome() {
    home = clients.home(changer);
    node = home + "/node";
    end = home + "/end";
  }

  private static long create(String path) {
    return changer.create(path, null, CreateMode.PERSISTENT).stat().czxid();
  }

  private static long set(String path) {
    return changer.setData(path, ByteString.EMPTY, Write.ANY_VERSION).mzxid();
  }

  private static QuollSession at(int server) {
    return clients.open(ensemble.server(server));
  }

  @Test
  void aWatchFromAZxidTellsAllThatHappenedAfterItAtWhicheverServer() {
    long start = create(node);
    set(node);
    changer.delete(node, Write.ANY_VERSION);
    create(end);

    for (int server = 1; server <= 3; server++) {
      TreeRecord there = new TreeRecord();
      TreeWatch watch = at(server).watch(home, RECURSIVE.from(start), there);

      assertThat(there.through("NODE_CREATED " + end))
          .as("server %d", server)
          .containsExactly(
              "started",
              "NODE_DATA_CHANGED " + node,
              "NODE_DELETED " + node,
              "NODE_CREATED " + end);
      watch.close();
    }
  }

  @Test
  void aWatchThatLostItsServerGoesOnAtAnotherWithoutAGap() {
    try (Relay near = Relay.to(ensemble.server(1));
        Relay far = Relay.to(ensemble.server(3))) {
      TreeWatch watch = clients.open(near, far).watch(home, RECURSIVE, record);
      record.through("started");
      create(node);
      record.through("NODE_CREATED " + node);

      near.cut();
      set(node);
      changer.delete(node, Write.ANY_VERSION);
      create(end);

      assertThat(record.through("NODE_CREATED " + end))
          .containsExactly(
              "started",
              "NODE_CREATED " + node,
              "NODE_DATA_CHANGED " + node,
              "NODE_DELETED " + node,
              "NODE_CREATED " + end);
      watch.close();
    }
  }

  @Test
  void theZxidOfAWatchIsWhereAnotherGoesOnAtAnotherServer() {
    TreeWatch first = at(1).watch(home, RECURSIVE, record);
    record.through("started");
    create(node);
    record.through("NODE_CREATED " + node);
    first.close();
    record.through("ended CLOSED");
    set(node);

    TreeRecord rest = new TreeRecord();
    TreeWatch second = at(3).watch(home, RECURSIVE.from(first.zxid()), rest);

    assertThat(rest.through("NODE_DATA_CHANGED " + node))
        .endsWith("NODE_DATA_CHANGED " + node)
        .doesNotHaveDuplicates();
    second.close();
  }

  @Test
  void theInitialStateIsThatOfOneZxidWithParentsFirstAndTheEventsFollow() {
    create(node);
    create(node + "/child");
    changer.setData(node, ByteString.copyFromUtf8("data"), Write.ANY_VERSION);

    TreeWatch watch = changer.watch(home, RECURSIVE.withInitialState(true), record);
    record.through("state complete");
    create(end);

    assertThat(record.through("NODE_CREATED " + end))
        .containsExactly(
            "started",
            "state " + home,
            "state " + node,
            "state " + node + "/child",
            "state complete",
            "NODE_CREATED " + end);
    assertThat(record.znodes()).allMatch(znode -> znode.stat().mzxid() <= record.startZxid());
    assertThat(record.znodes())
        .extracting(WatchedZnode::data)
        .containsExactly(null, ByteString.copyFromUtf8("data"), null);
    watch.close();
  }

  @Test
  void theInitialStateOfAZnodeThatIsNotThereIsEmpty() {
    TreeWatch watch = changer.watch(node, RECURSIVE.withInitialState(true), record);
    record.through("state complete");

    create(node);

    assertThat(record.through("NODE_CREATED " + node))
        .containsExactly("started", "state complete", "NODE_CREATED " + node);
    watch.close();
  }

  @Test
  void aPersistentWatchHasTheChildrenInItsStateAndTellsOfTheirList() {
    create(node);
    create(node + "/child");
    WatchOptions persistent = WatchOptions.of(PERSISTENT).withInitialState(false);

    TreeWatch watch = changer.watch(home, persistent, record);
    record.through("state complete");
    create(end);

    assertThat(record.through("NODE_CHILDREN_CHANGED " + home))
        .containsExactly(
            "started",
            "state " + home,
            "state " + node,
            "state complete",
            "NODE_CHILDREN_CHANGED " + home);
    watch.close();
  }

  @Test
  void aSilentWatchSendsBookmarksFromWhichAnotherMayGoOn() {
    WatchOptions often = RECURSIVE.withBookmarkInterval(Duration.ofMillis(100));
    TreeWatch watch = at(1).watch(home, often, record);
    record.through("started");
    String elsewhere = clients.home(changer);
    long zxid = set(elsewhere);

    long bookmark = record.bookmarkFrom(zxid);
    create(node);

    TreeRecord rest = new TreeRecord();
    TreeWatch second = at(3).watch(home, RECURSIVE.from(bookmark), rest);
    assertThat(rest.through("NODE_CREATED " + node))
        .containsExactly("started", "NODE_CREATED " + node);
    watch.close();
    second.close();
  }

  @Test
  void aWatchFromBeforeTheHistoryEndsBySayingSo() {
    long start = create(node);
    clients.makeHistoryForget(changer, node);

    changer.watch(home, RECURSIVE.from(start), record);

    assertThat(record.through("trimmed")).endsWith("trimmed").doesNotContain("ended CLOSED");
  }

  @Test
  void theEventsOfOneTransactionComeTogether() {
    TreeWatch watch = at(1).watch(home, RECURSIVE, record);
    record.through("started");
    Write change = new Write.SetData(home, ByteString.EMPTY, Write.ANY_VERSION);

    changer.multi(Collections.nCopies(CHANGES_AT_ONCE, change));

    assertThat(record.through("NODE_DATA_CHANGED " + home)).hasSize(1 + CHANGES_AT_ONCE);
    watch.close();
  }
}
