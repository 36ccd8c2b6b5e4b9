package io.quoll.server.coordination;

import static io.quoll.server.coordination.WatchMode.CHILDREN;
import static io.quoll.server.coordination.WatchMode.DATA;
import static io.quoll.server.coordination.WatchMode.PERSISTENT;
import static io.quoll.server.coordination.WatchMode.RECURSIVE;
import static io.quoll.server.coordination.WatchedReplica.createZnode;
import static io.quoll.server.coordination.WatchedReplica.delete;
import static io.quoll.server.coordination.WatchedReplica.ephemeral;
import static io.quoll.server.coordination.WatchedReplica.multi;
import static io.quoll.server.coordination.WatchedReplica.path;
import static io.quoll.server.coordination.WatchedReplica.setData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which watch sends what: the table of ZooKeeper's watches, row by row. */
class WatchesTest {
  private final WatchedReplica replica = new WatchedReplica();
  private final Watches watches = new Watches(replica.store);
  private final RecordingWatcher watcher = new RecordingWatcher();

  WatchesTest() {
    replica.tell(watches);
  }

  private void watch(String path, WatchMode mode) {
    watches.add(path(path), mode, watcher, replica.store.publishedZxid());
  }

  private List<String> toldOf(Command... commands) {
    watcher.take();
    replica.apply(commands);
    return watcher.take();
  }

  @Test
  void createFiresTheExistsWatchOfTheZnode() {
    watch("/a", DATA);

    assertThat(toldOf(createZnode("/a"))).containsExactly("NODE_CREATED /a 1");
  }

  @Test
  void createFiresTheChildWatchOfTheParent() {
    watch("/", CHILDREN);

    assertThat(toldOf(createZnode("/a"))).containsExactly("NODE_CHILDREN_CHANGED / 1");
  }

  @Test
  void createFiresNeitherTheDataWatchOfTheParentNorTheChildWatchOfTheZnode() {
    watch("/", DATA);
    watch("/a", CHILDREN);

    assertThat(toldOf(createZnode("/a"))).isEmpty();
    assertThat(watches.count(watcher)).isEqualTo(2);
  }

  @Test
  void setDataFiresTheDataWatchOfTheZnode() {
    replica.apply(createZnode("/a"));
    watch("/a", DATA);

    assertThat(toldOf(setData("/a"))).containsExactly("NODE_DATA_CHANGED /a 2");
  }

  @Test
  void setDataFiresNoChildWatch() {
    replica.apply(createZnode("/a"));
    watch("/a", CHILDREN);
    watch("/", CHILDREN);

    assertThat(toldOf(setData("/a"))).isEmpty();
  }

  @Test
  void deleteFiresTheDataWatchOfTheZnode() {
    replica.apply(createZnode("/a"));
    watch("/a", DATA);

    assertThat(toldOf(delete("/a"))).containsExactly("NODE_DELETED /a 2");
  }

  @Test
  void deleteFiresTheChildWatchOfTheZnodeAndThatOfItsParent() {
    replica.apply(createZnode("/a"));
    watch("/", CHILDREN);
    watch("/a", CHILDREN);

    assertThat(toldOf(delete("/a")))
        .containsExactly("NODE_DELETED /a 2", "NODE_CHILDREN_CHANGED / 2");
  }

  @Test
  void deleteOfAZnodeWithDataAndChildWatchesOfOneWatcherIsOneEvent() {
    replica.apply(createZnode("/a"));
    watch("/a", DATA);
    watch("/a", CHILDREN);
    watch("/a", PERSISTENT);
    watch("/a", RECURSIVE);

    assertThat(toldOf(delete("/a"))).containsExactly("NODE_DELETED /a 2");
    assertThat(watches.count(watcher)).isEqualTo(2);
  }

  @Test
  void aPersistentWatchHearsOfItsZnodeAndOfItsListOfChildren() {
    watch("/pw", PERSISTENT);

    List<String> told =
        toldOf(
            createZnode("/pw"),
            createZnode("/pw/a"),
            setData("/pw/a"),
            delete("/pw/a"),
            setData("/pw"),
            delete("/pw"));

    assertThat(told)
        .containsExactly(
            "NODE_CREATED /pw 1",
            "NODE_CHILDREN_CHANGED /pw 2",
            "NODE_CHILDREN_CHANGED /pw 4",
            "NODE_DATA_CHANGED /pw 5",
            "NODE_DELETED /pw 6");
    assertThat(watches.count(watcher)).isEqualTo(1);
  }

  @Test
  void aRecursiveWatchHearsOfItsZnodeAndOfAllBelowButNeverOfListsOfChildren() {
    watch("/pw", RECURSIVE);

    List<String> told =
        toldOf(
            createZnode("/pw"),
            createZnode("/pw/a"),
            createZnode("/pw/a/b"),
            setData("/pw/a/b"),
            createZnode("/pwx"),
            delete("/pw/a/b"),
            delete("/pw/a"),
            delete("/pw"));

    assertThat(told)
        .containsExactly(
            "NODE_CREATED /pw 1",
            "NODE_CREATED /pw/a 2",
            "NODE_CREATED /pw/a/b 3",
            "NODE_DATA_CHANGED /pw/a/b 4",
            "NODE_DELETED /pw/a/b 6",
            "NODE_DELETED /pw/a 7",
            "NODE_DELETED /pw 8");
  }

  @Test
  void aRecursiveWatchOfTheRootHearsOfAll() {
    watch("/", RECURSIVE);

    assertThat(toldOf(createZnode("/a"), createZnode("/a/b")))
        .containsExactly("NODE_CREATED /a 1", "NODE_CREATED /a/b 2");
  }

  @Test
  void recursiveWatchesOfOneWatcherAtSeveralLevelsSendOneEvent() {
    replica.apply(createZnode("/a"), createZnode("/a/b"));
    watch("/", RECURSIVE);
    watch("/a", RECURSIVE);
    watch("/a/b", DATA);

    assertThat(toldOf(setData("/a/b"))).containsExactly("NODE_DATA_CHANGED /a/b 3");
  }

  @Test
  void aDataWatchIsGoneWithItsEventAndTheLastingOnesOfThePathStay() {
    replica.apply(createZnode("/a"));
    watch("/a", DATA);
    watch("/a", PERSISTENT);
    watch("/a", RECURSIVE);

    List<String> told = toldOf(setData("/a"));

    assertThat(told).containsExactly("NODE_DATA_CHANGED /a 2");
    assertThat(watches.has(path("/a"), EnumSet.of(DATA), watcher)).isFalse();
    assertThat(watches.has(path("/a"), EnumSet.of(PERSISTENT), watcher)).isTrue();
    assertThat(watches.has(path("/a"), EnumSet.of(RECURSIVE), watcher)).isTrue();
  }

  @Test
  void aChildWatchIsGoneWithItsEventAndTheDataWatchOfThePathStays() {
    replica.apply(createZnode("/a"));
    watch("/a", CHILDREN);
    watch("/a", DATA);

    List<String> told = toldOf(createZnode("/a/b"), createZnode("/a/c"));

    assertThat(told).containsExactly("NODE_CHILDREN_CHANGED /a 2");
    assertThat(watches.has(path("/a"), EnumSet.of(CHILDREN), watcher)).isFalse();
    assertThat(watches.has(path("/a"), EnumSet.of(DATA), watcher)).isTrue();
  }

  @Test
  void theZnodesOwnEventComesBeforeThatOfItsParent() {
    watch("/", PERSISTENT);
    watch("/", RECURSIVE);

    assertThat(toldOf(createZnode("/a")))
        .containsExactly("NODE_CREATED /a 1", "NODE_CHILDREN_CHANGED / 1");
  }

  @Test
  void aMultiFiresForEachOfItsChangesInOrderAtOneZxid() {
    watch("/a", PERSISTENT);

    List<String> told =
        toldOf(multi(createZnode("/a"), createZnode("/a/b"), setData("/a"), delete("/a/b")));

    assertThat(told)
        .containsExactly(
            "NODE_CREATED /a 1",
            "NODE_CHILDREN_CHANGED /a 1",
            "NODE_DATA_CHANGED /a 1",
            "NODE_CHILDREN_CHANGED /a 1");
  }

  @Test
  void aRejectedMultiFiresNothing() {
    watch("/a", PERSISTENT);

    assertThat(toldOf(multi(createZnode("/a"), delete("/missing")))).isEmpty();
  }

  @Test
  void theCloseOfASessionFiresForEachOfItsEphemeralZnodes() {
    Result opened =
        replica
            .applyAs(
                Caller.ANONYMOUS,
                new OpenSession(ByteString.copyFrom(new byte[Session.SECRET_BYTES]), 30_000))
            .result();
    long session = ((Result.SessionOpened) opened).sessionId();
    replica.applyAs(
        Caller.session(session, 1, 1, 1, Caller.ANONYMOUS.identities()), ephemeral("/e1"));
    replica.applyAs(
        Caller.session(session, 1, 2, 1, Caller.ANONYMOUS.identities()), ephemeral("/e2"));
    watch("/", PERSISTENT);
    watch("/e1", DATA);
    watch("/e2", CHILDREN);

    List<String> told = toldOf(new CloseSession(session, 1));

    assertThat(told)
        .containsExactly(
            "NODE_DELETED /e1 4",
            "NODE_CHILDREN_CHANGED / 4",
            "NODE_DELETED /e2 4",
            "NODE_CHILDREN_CHANGED / 4");
  }

  @Test
  void aRecursiveDeleteFiresForTheDeepestZnodesFirst() {
    replica.apply(createZnode("/a"), createZnode("/a/b"), createZnode("/a/b/c"));
    watch("/a", RECURSIVE);

    assertThat(toldOf(new DeleteRecursive(path("/a"))))
        .containsExactly("NODE_DELETED /a/b/c 4", "NODE_DELETED /a/b 4", "NODE_DELETED /a 4");
  }

  @Test
  void severalWatchersOfOnePathAreEachTold() {
    RecordingWatcher other = new RecordingWatcher();
    watch("/a", DATA);
    watches.add(path("/a"), DATA, other, 0);
    watches.add(path("/a"), PERSISTENT, other, 0);

    replica.apply(createZnode("/a"));
    replica.apply(setData("/a"));

    assertThat(watcher.take()).containsExactly("NODE_CREATED /a 1");
    assertThat(other.take()).containsExactly("NODE_CREATED /a 1", "NODE_DATA_CHANGED /a 2");
  }

  @Test
  void whatIsRemovedSendsNothing() {
    watch("/a", DATA);
    watch("/a", PERSISTENT);

    assertThat(watches.remove(path("/a"), EnumSet.of(PERSISTENT, RECURSIVE), watcher)).isTrue();
    assertThat(watches.remove(path("/a"), EnumSet.of(PERSISTENT, RECURSIVE), watcher)).isFalse();
    assertThat(watches.remove(path("/a"), EnumSet.of(DATA), watcher)).isTrue();
    assertThat(toldOf(createZnode("/a"))).isEmpty();
    assertThat(watches.count(watcher)).isZero();
  }

  @Test
  void removeAllLeavesTheWatchesOfOthers() {
    RecordingWatcher other = new RecordingWatcher();
    watch("/a", DATA);
    watch("/b", RECURSIVE);
    watches.add(path("/a"), DATA, other, 0);

    watches.removeAll(watcher);

    assertThat(toldOf(createZnode("/a"), createZnode("/b"))).isEmpty();
    assertThat(watches.count(watcher)).isZero();
    assertThat(other.take()).containsExactly("NODE_CREATED /a 1");
  }

  @Test
  void aWatchIsDueByEveryChangeAfterWhatItsClientHasRead() {
    long read = replica.apply(createZnode("/a"));
    replica.apply(setData("/a"));
    replica.apply(setData("/a"), createZnode("/a/b"));

    watches.add(path("/a"), DATA, watcher, read);
    watches.add(path("/a"), PERSISTENT, watcher, read + 1);

    assertThat(watcher.take())
        .containsExactly(
            "NODE_DATA_CHANGED /a 2", "NODE_DATA_CHANGED /a 3", "NODE_CHILDREN_CHANGED /a 4");
    assertThat(watches.has(path("/a"), EnumSet.of(DATA), watcher)).isFalse();
    assertThat(watches.has(path("/a"), EnumSet.of(PERSISTENT), watcher)).isTrue();
  }

  @Test
  void anEventIsToldBeforeReadersSeeTheChange() {
    watch("/a", DATA);

    EntryOutcome outcome = replica.commit(Caller.ANONYMOUS, List.of(createZnode("/a")));
    List<String> told = watcher.take();
    long seen = replica.store.publishedZxid();
    replica.publish(outcome);

    assertThat(told).containsExactly("NODE_CREATED /a 1");
    assertThat(seen).isZero();
  }

  @Test
  void whereTheRecentChangesDoNotReachADataWatchIsDecidedByTheZnodeAsItIs() {
    long read =
        replica.apply(
            createZnode("/a"), createZnode("/a/b"), createZnode("/q"), createZnode("/other"));
    replica.apply(setData("/a"), delete("/a/b"), createZnode("/a/c"));
    forgetRecentChanges();

    watches.add(path("/a"), DATA, watcher, read);
    watches.add(path("/a"), CHILDREN, watcher, read);
    watches.add(path("/a/b"), DATA, watcher, read);
    watches.add(path("/a/c"), DATA, watcher, read);
    watches.add(path("/q"), DATA, watcher, read);
    watches.add(path("/q"), CHILDREN, watcher, read);
    watches.add(path("/q/missing/both"), DATA, watcher, read);

    assertThat(watcher.take())
        .containsExactly(
            "NODE_DATA_CHANGED /a 5",
            "NODE_CHILDREN_CHANGED /a 7",
            "NODE_DELETED /a/b 7",
            "NODE_CREATED /a/c 7");
    assertThat(watches.count(watcher)).isEqualTo(3);
  }

  @Test
  void whereTheRecentChangesDoNotReachALastingWatchIsToldFromTheHistory() {
    long read = replica.apply(createZnode("/a"), createZnode("/other"));
    replica.apply(setData("/a"), setData("/a"));
    forgetRecentChanges();

    watches.add(path("/a"), PERSISTENT, watcher, read);

    assertThat(watcher.take()).containsExactly("NODE_DATA_CHANGED /a 3", "NODE_DATA_CHANGED /a 4");
    assertThat(toldOf(setData("/a"))).hasSize(1);
  }

  private void forgetRecentChanges() {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i <= RecentChanges.EVENTS_MAX; i++) {
      commands.add(setData("/other"));
    }
    replica.apply(commands);
  }

  @Test
  void aWatcherHasNoMoreWatchesThanTheLimit() {
    for (int i = 0; i < Watches.WATCHES_PER_WATCHER_MAX; i++) {
      watch("/" + i, DATA);
    }

    Rejection rejection =
        catchThrowableOfType(Rejection.class, () -> watch("/one-more", PERSISTENT));

    assertThat(rejection.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(watches.count(watcher)).isEqualTo(Watches.WATCHES_PER_WATCHER_MAX);
  }
}
