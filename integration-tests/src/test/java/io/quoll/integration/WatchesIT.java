package io.quoll.integration;

import static io.quoll.client.WatchMode.PERSISTENT;
import static io.quoll.client.WatchMode.PERSISTENT_RECURSIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.EventType;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.SessionItem;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SyncRequest;
import io.quoll.client.CreateMode;
import io.quoll.client.ErrorCode;
import io.quoll.client.NextEvent;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollException;
import io.quoll.client.QuollSession;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchKind;
import io.quoll.client.Write;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What watches tell, and in which order: ZooKeeper's rules, by a session at another server. */
class WatchesIT {
  private static final PageRequest PAGE = PageRequest.first();
  private static final int TIMEOUT_MILLIS = 30_000;

  private static Ensemble ensemble;
  private static Clients clients;
  private static QuollSession changer;

  private final Told told = new Told();
  private QuollSession watcher;
  private String home;
  private String node;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("watches");
    clients = new Clients(Duration.ofMillis(TIMEOUT_MILLIS));
    changer = clients.open(ensemble.server(2));
  }

  @AfterAll
  static void stop() {
    clients.close();
    ensemble.close();
  }

  @BeforeEach
  void open() {
    watcher = clients.open(ensemble.server(1));
    home = clients.home(changer);
    node = home + "/node";
    watcher.sync("/");
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

  private ImmutableList<String> told() {
    return told.lines(watcher);
  }

  @Test
  void aCreateTellsTheExistsWatchOnTheZnodeAndTheChildWatchOnItsParent() {
    Told ofParent = new Told();
    watcher.exists(node, told);
    watcher.children(home, PAGE, ofParent);

    create(node);

    assertThat(told()).containsExactly("NODE_CREATED " + node);
    assertThat(ofParent.lines(watcher)).containsExactly("NODE_CHILDREN_CHANGED " + home);
  }

  @Test
  void aChangeOfDataTellsTheDataWatchAndNoChildWatch() {
    create(node);
    Told ofChildren = new Told();
    watcher.data(node, told);
    watcher.children(node, PAGE, ofChildren);
    watcher.children(home, PAGE, ofChildren);

    set(node);

    assertThat(told()).containsExactly("NODE_DATA_CHANGED " + node);
    assertThat(ofChildren.lines(watcher)).isEmpty();
  }

  @Test
  void aDeleteTellsDataAndChildWatchesOnTheZnodeAndTheChildWatchOnItsParent() {
    create(node);
    Told ofChildren = new Told();
    Told ofParent = new Told();
    watcher.data(node, told);
    watcher.children(node, PAGE, ofChildren);
    watcher.children(home, PAGE, ofParent);

    delete(node);

    assertThat(told()).containsExactly("NODE_DELETED " + node);
    assertThat(ofChildren.lines(watcher)).containsExactly("NODE_DELETED " + node);
    assertThat(ofParent.lines(watcher)).containsExactly("NODE_CHILDREN_CHANGED " + home);
  }

  @Test
  void anEventHasTheZxidOfItsChange() {
    watcher.exists(node, told);

    long zxid = changer.create(node, null, CreateMode.PERSISTENT).stat().czxid();

    assertThat(told.events(watcher)).extracting(WatchEvent::zxid).containsExactly(zxid);
  }

  @Test
  void dataAndExistsAndChildWatchesTellOfOneChangeAndAreGone() {
    create(node);
    watcher.data(node, told);
    watcher.exists(home + "/other", told);
    watcher.children(node, PAGE, told);

    for (int i = 0; i < 2; i++) {
      set(node);
      create(node + "/child" + i);
    }
    create(home + "/other");
    set(home + "/other");

    assertThat(told())
        .containsExactly(
            "NODE_DATA_CHANGED " + node,
            "NODE_CHILDREN_CHANGED " + node,
            "NODE_CREATED " + home + "/other");
  }

  @Test
  void existsOnAZnodeThatIsThereLeavesADataWatch() {
    create(node);
    watcher.exists(node, told);

    set(node);

    assertThat(told()).containsExactly("NODE_DATA_CHANGED " + node);
  }

  @Test
  void aReadThatFailsLeavesNoWatch() {
    assertThatThrownBy(() -> watcher.data(node, told)).isInstanceOf(QuollException.class);
    assertThatThrownBy(() -> watcher.children(node, PAGE, told)).isInstanceOf(QuollException.class);

    create(node);

    assertThat(told()).isEmpty();
    assertThat(watcher.checkWatches(node, WatchKind.ANY)).isFalse();
  }

  @Test
  void oneDeleteSendsOneEventToASessionWithSeveralWatchesOnTheZnode() {
    create(node);
    try (RawSession raw = RawSession.open(ensemble.server(3), TIMEOUT_MILLIS)) {
      raw.started();
      raw.call(sync());
      GetDataRequest.Builder data = GetDataRequest.newBuilder().setPath(node).setWatch(true);
      GetChildrenRequest.Builder children =
          GetChildrenRequest.newBuilder().setPath(node).setWatch(true);
      raw.call(SessionRequest.newBuilder().setGetData(data));
      raw.call(SessionRequest.newBuilder().setGetChildren(children));

      delete(node);

      raw.call(sync());
      assertThat(raw.events())
          .extracting(item -> item.getEvent().getType())
          .containsExactly(EventType.EVENT_TYPE_NODE_DELETED);
    }
  }

  private static SessionRequest.Builder sync() {
    return SessionRequest.newBuilder().setSync(SyncRequest.getDefaultInstance());
  }

  @Test
  void anEventComesBeforeTheReplyToTheWriteOfTheSessionItself() {
    create(node);
    try (RawSession raw = RawSession.open(ensemble.server(3), TIMEOUT_MILLIS)) {
      raw.started();
      raw.call(sync());
      GetDataRequest.Builder data = GetDataRequest.newBuilder().setPath(node).setWatch(true);
      raw.call(SessionRequest.newBuilder().setGetData(data));

      SetDataRequest.Builder change = SetDataRequest.newBuilder().setPath(node);
      long zxid = raw.call(SessionRequest.newBuilder().setCxid(1).setSetData(change)).getZxid();

      assertThat(raw.events())
          .extracting(SessionItem::getEvent)
          .singleElement()
          .satisfies(event -> assertThat(event.getPath()).isEqualTo(node))
          .satisfies(event -> assertThat(event.getZxid()).isEqualTo(zxid));
    }
  }

  @Test
  void anEventComesBeforeTheDataThatChanged() {
    create(node);
    for (int round = 0; round < 50; round++) {
      NextEvent next = new NextEvent();
      int version = watcher.data(node, next).stat().version();
      var unused = changer.async().setData(node, ByteString.EMPTY, Write.ANY_VERSION);
      AtomicReference<Boolean> toldByThen = new AtomicReference<>();
      while (toldByThen.get() == null) {
        watcher
            .async()
            .data(node)
            .thenAcceptAsync(
                seen -> {
                  if (seen.stat().version() > version) {
                    toldByThen.set(next.event().isDone());
                  }
                },
                watcher.async().executor())
            .join();
      }

      assertThat(toldByThen.get()).as("round %d", round).isTrue();
    }
  }

  @Test
  void eventsComeInTheOrderOfTheirChanges() {
    watcher.addWatch(home, PERSISTENT_RECURSIVE, told);

    for (int i = 0; i < 100; i++) {
      var unused = changer.async().create(home + "/" + i, null, CreateMode.PERSISTENT);
    }
    changer.sync("/");

    assertThat(told.events(watcher)).hasSize(100);
    assertThat(told.events(watcher))
        .extracting(WatchEvent::zxid)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void aPersistentWatchTellsOfTheZnodeAndItsListOfChildrenAndStays() {
    watcher.addWatch(node, PERSISTENT, told);

    changeAll();

    assertThat(told())
        .containsExactly(
            "NODE_CREATED " + node,
            "NODE_CHILDREN_CHANGED " + node,
            "NODE_DATA_CHANGED " + node,
            "NODE_CHILDREN_CHANGED " + node,
            "NODE_DELETED " + node);
  }

  @Test
  void aRecursiveWatchTellsOfAllBelowAndNeverOfListsOfChildren() {
    watcher.addWatch(node, PERSISTENT_RECURSIVE, told);

    changeAll();

    assertThat(told())
        .containsExactly(
            "NODE_CREATED " + node,
            "NODE_CREATED " + node + "/child",
            "NODE_DATA_CHANGED " + node + "/child",
            "NODE_DATA_CHANGED " + node,
            "NODE_DELETED " + node + "/child",
            "NODE_DELETED " + node);
  }

  private void changeAll() {
    create(node);
    create(node + "/child");
    set(node + "/child");
    set(node);
    delete(node + "/child");
    delete(node);
  }

  @Test
  void watchesOfAllModesOnOnePathEachTellTheirOwn() {
    create(node);
    Told ofPersistent = new Told();
    Told ofRecursive = new Told();
    watcher.data(node, told);
    watcher.addWatch(node, PERSISTENT, ofPersistent);
    watcher.addWatch(node, PERSISTENT_RECURSIVE, ofRecursive);

    set(node);
    create(node + "/child");
    set(node);

    String changed = "NODE_DATA_CHANGED " + node;
    assertThat(told()).containsExactly(changed);
    assertThat(ofPersistent.lines(watcher))
        .containsExactly(changed, "NODE_CHILDREN_CHANGED " + node, changed);
    assertThat(ofRecursive.lines(watcher))
        .containsExactly(changed, "NODE_CREATED " + node + "/child", changed);
  }

  @Test
  void aHandlerOfSeveralWatchesIsToldOfAChangeOnce() {
    create(node);
    watcher.data(node, told);
    watcher.addWatch(node, PERSISTENT, told);
    watcher.addWatch(home, PERSISTENT_RECURSIVE, told);

    set(node);

    assertThat(told()).containsExactly("NODE_DATA_CHANGED " + node);
  }

  @Test
  void aRecursiveWatchOnTheRootTellsOfEveryZnode() {
    watcher.addWatch("/", PERSISTENT_RECURSIVE, told);

    create(node);

    assertThat(told()).contains("NODE_CREATED " + node);
  }

  @Test
  void aMultiTellsOfEachOfItsPartsInOrderAtOneZxid() {
    watcher.addWatch(home, PERSISTENT_RECURSIVE, told);

    changer.multi(
        List.of(
            new Write.Create(node, null, CreateMode.PERSISTENT),
            new Write.SetData(node, ByteString.EMPTY, Write.ANY_VERSION),
            new Write.Create(node + "/child", null, CreateMode.PERSISTENT),
            new Write.Delete(node + "/child", Write.ANY_VERSION)));

    assertThat(told())
        .containsExactly(
            "NODE_CREATED " + node,
            "NODE_DATA_CHANGED " + node,
            "NODE_CREATED " + node + "/child",
            "NODE_DELETED " + node + "/child");
    assertThat(told.events(watcher).stream().map(WatchEvent::zxid).distinct()).hasSize(1);
  }

  @Test
  void aMultiThatIsNotCommittedTellsNothing() {
    watcher.addWatch(home, PERSISTENT_RECURSIVE, told);

    changer.multi(
        List.of(
            new Write.Create(node, null, CreateMode.PERSISTENT),
            new Write.Check(home, Integer.MAX_VALUE)));

    assertThat(told()).isEmpty();
  }

  @Test
  void aRecursiveDeleteTellsOfEachZnodeThatGoes() {
    create(node);
    create(node + "/child");
    watcher.addWatch(home, PERSISTENT_RECURSIVE, told);

    changer.deleteRecursive(node);

    assertThat(told()).containsExactly("NODE_DELETED " + node + "/child", "NODE_DELETED " + node);
  }

  @Test
  void theEndOfASessionTellsOfItsEphemeralsAtOneZxid() {
    QuollSession leaving = clients.open(ensemble.server(3));
    leaving.create(home + "/a", null, CreateMode.EPHEMERAL);
    leaving.create(home + "/b", null, CreateMode.EPHEMERAL);
    Told ofParent = new Told();
    watcher.addWatch(home, PERSISTENT_RECURSIVE, told);
    watcher.sync("/");
    watcher.children(home, PAGE, ofParent);

    leaving.close();

    assertThat(told())
        .filteredOn(line -> line.startsWith("NODE_DELETED"))
        .containsExactlyInAnyOrder("NODE_DELETED " + home + "/a", "NODE_DELETED " + home + "/b");
    assertThat(ofParent.lines(watcher)).containsExactly("NODE_CHILDREN_CHANGED " + home);
    assertThat(
            told.events(watcher).stream()
                .filter(event -> Told.line(event).startsWith("NODE_DELETED"))
                .map(WatchEvent::zxid)
                .distinct())
        .hasSize(1);
  }

  @Test
  void aRemovedWatchTellsItsHandlerThatItIsAndNothingMore() {
    create(node);
    watcher.addWatch(node, PERSISTENT, told);
    watcher.data(node, told);

    watcher.removeWatches(node, WatchKind.PERSISTENT);
    set(node);
    set(node);

    assertThat(told()).containsExactly("removed PERSISTENT " + node, "NODE_DATA_CHANGED " + node);
  }

  @Test
  void removingAKindLeavesTheOtherKinds() {
    create(node);
    watcher.data(node, told);
    watcher.children(node, PAGE, told);
    watcher.addWatch(node, PERSISTENT, told);
    watcher.addWatch(node, PERSISTENT_RECURSIVE, told);

    watcher.removeWatches(node, WatchKind.CHILDREN);

    assertThat(watcher.checkWatches(node, WatchKind.CHILDREN)).isFalse();
    assertThat(watcher.checkWatches(node, WatchKind.DATA)).isTrue();
    assertThat(watcher.checkWatches(node, WatchKind.PERSISTENT)).isTrue();
    assertThat(watcher.checkWatches(node, WatchKind.PERSISTENT_RECURSIVE)).isTrue();

    watcher.removeWatches(node, WatchKind.ANY);
    assertThat(watcher.checkWatches(node, WatchKind.ANY)).isFalse();
  }

  @Test
  void removingAWatchThatIsNotThereIsNoWatcher() {
    assertThatThrownBy(() -> watcher.removeWatches(node, WatchKind.ANY))
        .isInstanceOfSatisfying(
            QuollException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NO_WATCHER));
  }

  @Test
  void aOneShotWatchThatTookPlaceIsNoLongerThere() {
    create(node);
    watcher.data(node, told);
    assertThat(watcher.checkWatches(node, WatchKind.DATA)).isTrue();

    set(node);

    assertThat(told()).hasSize(1);
    assertThat(watcher.checkWatches(node, WatchKind.DATA)).isFalse();
  }

  @Test
  void aWatchOfOneSessionIsNotTouchedByAnother() {
    create(node);
    QuollSession other = clients.open(ensemble.server(1));
    Told ofOther = new Told();
    watcher.data(node, told);
    other.data(node, ofOther);

    watcher.removeWatches(node, WatchKind.DATA);
    set(node);

    assertThat(ofOther.lines(other)).containsExactly("NODE_DATA_CHANGED " + node);
  }
}
