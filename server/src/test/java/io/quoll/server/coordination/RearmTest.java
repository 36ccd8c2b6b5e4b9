package io.quoll.server.coordination;

import static io.quoll.server.coordination.WatchMode.CHILDREN;
import static io.quoll.server.coordination.WatchMode.DATA;
import static io.quoll.server.coordination.WatchMode.PERSISTENT;
import static io.quoll.server.coordination.WatchMode.RECURSIVE;
import static io.quoll.server.coordination.WatchedReplica.createZnode;
import static io.quoll.server.coordination.WatchedReplica.delete;
import static io.quoll.server.coordination.WatchedReplica.path;
import static io.quoll.server.coordination.WatchedReplica.setData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.Watches.Rearmed;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.HistoryLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What watches tell that are set again after a connection was lost. */
class RearmTest {
  private final WatchedReplica replica = new WatchedReplica();
  private final Watches watches = watchesOf(replica);
  private final RecordingWatcher watcher = new RecordingWatcher();

  private static Watches watchesOf(WatchedReplica replica) {
    Watches watches = new Watches(replica.store);
    replica.tell(watches);
    return watches;
  }

  private static ImmutableList<ZnodePath> paths(String... paths) {
    return Stream.of(paths).map(ZnodePath::of).collect(ImmutableList.toImmutableList());
  }

  private static Rearmed data(long since, String... paths) {
    return new Rearmed(since, paths(paths), paths(), paths(), paths(), paths());
  }

  private static Rearmed exists(long since, String... paths) {
    return new Rearmed(since, paths(), paths(paths), paths(), paths(), paths());
  }

  private static Rearmed children(long since, String... paths) {
    return new Rearmed(since, paths(), paths(), paths(paths), paths(), paths());
  }

  private static Rearmed persistent(long since, String... paths) {
    return new Rearmed(since, paths(), paths(), paths(), paths(paths), paths());
  }

  private static Rearmed recursive(long since, String... paths) {
    return new Rearmed(since, paths(), paths(), paths(), paths(), paths(paths));
  }

  private boolean has(String path, WatchMode mode) {
    return watches.has(path(path), EnumSet.of(mode), watcher);
  }

  @Test
  void aDataWatchOfAZnodeThatIsGoneTellsOfItsDeletion() {
    long since = replica.apply(createZnode("/a"), createZnode("/b"));
    replica.apply(delete("/a"));
    replica.apply(setData("/b"));

    long trimmed = watches.rearm(data(since, "/a"), watcher);

    assertThat(watcher.take()).containsExactly("NODE_DELETED /a 3");
    assertThat(has("/a", DATA)).isFalse();
    assertThat(trimmed).isZero();
  }

  @Test
  void aDataWatchOfAZnodeWithNewDataTellsOfIt() {
    long since = replica.apply(createZnode("/a"));
    replica.apply(setData("/a"));
    replica.apply(setData("/a"));

    watches.rearm(data(since, "/a"), watcher);

    assertThat(watcher.take()).containsExactly("NODE_DATA_CHANGED /a 3");
    assertThat(has("/a", DATA)).isFalse();
  }

  @Test
  void aDataWatchOfAZnodeThatWasDeletedAndCreatedAnewTellsOfNewData() {
    long since = replica.apply(createZnode("/a"));
    replica.apply(delete("/a"));
    replica.apply(createZnode("/a"));

    watches.rearm(data(since, "/a"), watcher);

    assertThat(watcher.take()).containsExactly("NODE_DATA_CHANGED /a 3");
  }

  @Test
  void aDataWatchOfAZnodeThatIsAsItWasIsSet() {
    long since = replica.apply(createZnode("/a"));
    replica.apply(createZnode("/a/b"));

    watches.rearm(data(since, "/a"), watcher);

    assertThat(watcher.take()).isEmpty();
    replica.apply(setData("/a"));
    assertThat(watcher.take()).containsExactly("NODE_DATA_CHANGED /a 3");
  }

  @Test
  void anExistsWatchOfAnyZnodeThatIsThereTellsOfItsCreation() {
    long since = replica.apply(createZnode("/a"));

    watches.rearm(exists(since, "/a"), watcher);

    assertThat(watcher.take()).containsExactly("NODE_CREATED /a 1");
    assertThat(has("/a", DATA)).isFalse();
  }

  @Test
  void anExistsWatchIsSetWhereThereIsNoZnodeEvenIfOneCameAndWent() {
    long since = replica.apply(createZnode("/b"));
    replica.apply(createZnode("/a"));
    replica.apply(delete("/a"));

    watches.rearm(exists(since, "/a"), watcher);

    assertThat(watcher.take()).isEmpty();
    assertThat(has("/a", DATA)).isTrue();
  }

  @Test
  void aChildWatchOfAZnodeThatIsGoneTellsOfItsDeletion() {
    long since = replica.apply(createZnode("/a"));
    replica.apply(delete("/a"));

    watches.rearm(children(since, "/a"), watcher);

    assertThat(watcher.take()).containsExactly("NODE_DELETED /a 2");
    assertThat(has("/a", CHILDREN)).isFalse();
  }

  @Test
  void aChildWatchTellsOfAChangedListOfChildren() {
    long since = replica.apply(createZnode("/a"));
    replica.apply(createZnode("/a/b"));
    replica.apply(setData("/a/b"));

    watches.rearm(children(since, "/a"), watcher);

    assertThat(watcher.take()).containsExactly("NODE_CHILDREN_CHANGED /a 2");
    assertThat(has("/a", CHILDREN)).isFalse();
  }

  @Test
  void aChildWatchIsSetWhereTheListOfChildrenIsAsItWas() {
    long since = replica.apply(createZnode("/a"), createZnode("/a/b"));
    replica.apply(setData("/a"));

    watches.rearm(children(since, "/a"), watcher);

    assertThat(watcher.take()).isEmpty();
    assertThat(has("/a", CHILDREN)).isTrue();
  }

  @Test
  void aPersistentWatchIsToldAllThatItMissedAndStays() {
    long since = replica.apply(createZnode("/a"));
    replica.apply(setData("/a"), createZnode("/a/b"));
    replica.apply(setData("/a/b"), delete("/a/b"), delete("/a"));

    long trimmed = watches.rearm(persistent(since, "/a"), watcher);

    assertThat(watcher.take())
        .containsExactly(
            "NODE_DATA_CHANGED /a 2",
            "NODE_CHILDREN_CHANGED /a 3",
            "NODE_CHILDREN_CHANGED /a 5",
            "NODE_DELETED /a 6");
    assertThat(trimmed).isZero();
    assertThat(has("/a", PERSISTENT)).isTrue();
  }

  @Test
  void aRecursiveWatchIsToldAllThatItMissedAndStays() {
    long since = replica.apply(createZnode("/a"));
    replica.apply(createZnode("/a/b"), createZnode("/a/b/c"), delete("/a/b/c"), createZnode("/b"));

    watches.rearm(recursive(since, "/a"), watcher);

    assertThat(watcher.take())
        .containsExactly("NODE_CREATED /a/b 2", "NODE_CREATED /a/b/c 3", "NODE_DELETED /a/b/c 4");
    assertThat(has("/a", RECURSIVE)).isTrue();
  }

  @Test
  void aChangeThatSeveralLastingWatchesMissedIsOneEvent() {
    long since = replica.apply(createZnode("/a"));
    replica.apply(setData("/a"));

    watches.rearm(
        new Rearmed(since, paths("/a"), paths(), paths(), paths("/a"), paths("/", "/a")), watcher);

    assertThat(watcher.take()).containsExactly("NODE_DATA_CHANGED /a 2");
  }

  @Test
  void whatTheHistoryLostIsReportedAndWhatItKeepsIsTold() {
    WatchedReplica forgetful = new WatchedReplica(new HistoryLimits(4, 1L << 40, 1L << 40));
    Watches forgetfulWatches = watchesOf(forgetful);
    long since = forgetful.apply(createZnode("/a"));
    for (int i = 0; i < 20; i++) {
      forgetful.apply(setData("/a"));
    }

    long trimmed = forgetfulWatches.rearm(persistent(since, "/a"), watcher);

    assertThat(trimmed).isBetween(since + 1, 20L);
    assertThat(watcher.events()).extracting(WatchEvent::zxid).first().isEqualTo(trimmed + 1);
    assertThat(watcher.events()).extracting(WatchEvent::zxid).last().isEqualTo(21L);
    assertThat(watcher.events()).hasSize((int) (21 - trimmed));
  }

  @Test
  void moreThanTheLimitOfMissedCharactersIsReportedAsAGapToo() {
    String path = "/" + "long".repeat(1_000);
    long since = replica.apply(createZnode(path));
    int changes = Arming.TOLD_CHARACTERS_MAX / path.length() + 2 * Arming.PAGE_EVENTS;
    replica.apply(Collections.nCopies(changes, (Command) setData(path)));

    long trimmed = watches.rearm(persistent(since, path), watcher);

    assertThat(trimmed).isEqualTo(since + changes);
    assertThat(watcher.events()).hasSizeLessThan(changes);
  }

  @Test
  void moreThanTheLimitOfMissedEventsIsReportedAsAGapUpToThePresent() {
    long since = replica.apply(createZnode("/a"));
    for (int i = 0; i < 60; i++) {
      replica.apply(Collections.nCopies(1_000, (Command) setData("/a")));
    }

    long trimmed = watches.rearm(persistent(since, "/a"), watcher);

    assertThat(trimmed).isEqualTo(60_001);
    assertThat(watcher.events()).hasSizeLessThan(Arming.TOLD_MAX + 2 * Arming.PAGE_EVENTS);
    watcher.take();
    replica.apply(setData("/a"));
    assertThat(watcher.take()).containsExactly("NODE_DATA_CHANGED /a 60002");
  }

  @Test
  void moreWatchesThanTheLimitAreRefusedWhole() {
    ImmutableList<ZnodePath> many =
        IntStream.rangeClosed(0, Watches.WATCHES_PER_WATCHER_MAX)
            .mapToObj(i -> path("/" + i))
            .collect(ImmutableList.toImmutableList());

    Rejection rejection =
        catchThrowableOfType(
            Rejection.class,
            () -> watches.rearm(new Rearmed(0, many, paths(), paths(), paths(), paths()), watcher));

    assertThat(rejection.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(watches.count(watcher)).isZero();
    assertThat(watcher.take()).isEmpty();
  }

  @Test
  void aWatcherThatGoesWhileItsWatchesAreSetLeavesNone() {
    long since = replica.apply(createZnode("/a"));
    replica.apply(setData("/a"));
    RecordingWatcher leaving =
        new RecordingWatcher() {
          @Override
          public synchronized void onEvent(WatchEvent event) {
            super.onEvent(event);
            watches.removeAll(this);
          }
        };

    watches.rearm(persistent(since, "/a"), leaving);
    replica.apply(setData("/a"));

    assertThat(leaving.take()).containsExactly("NODE_DATA_CHANGED /a 2");
    assertThat(watches.count(leaving)).isZero();
  }

  @Test
  void aSnapshotTellsWhatHappenedOverItsHistory(@TempDir Path directory) {
    WatchedReplica ahead = new WatchedReplica();
    List<Command> first = List.of(createZnode("/a"), createZnode("/b"));
    replica.apply(first);
    ahead.apply(first);
    ahead.apply(setData("/a"), createZnode("/a/c"), setData("/a"));
    watches.add(path("/a"), PERSISTENT, watcher, 2);
    watches.add(path("/a"), DATA, watcher, 2);
    watches.add(path("/b"), DATA, watcher, 2);

    replica.restoreFrom(ahead, directory.resolve("snapshot"));

    assertThat(watcher.take())
        .containsExactly(
            "NODE_DATA_CHANGED /a 3", "NODE_CHILDREN_CHANGED /a 4", "NODE_DATA_CHANGED /a 5");
    assertThat(watches.count(watcher)).isEqualTo(2);
    replica.apply(setData("/b"));
    assertThat(watcher.take()).containsExactly("NODE_DATA_CHANGED /b 6");
  }

  @Test
  void nobodyReadsASnapshotBeforeWatchesAreToldOfIt(@TempDir Path directory) {
    WatchedReplica ahead = new WatchedReplica();
    replica.apply(createZnode("/a"));
    ahead.apply(createZnode("/a"));
    ahead.apply(setData("/a"));
    List<Long> published = new ArrayList<>();
    Watcher reader =
        new RecordingWatcher() {
          @Override
          public synchronized void onEvent(WatchEvent event) {
            published.add(replica.store.publishedZxid());
          }
        };
    watches.add(path("/a"), DATA, reader, 1);

    replica.restoreFrom(ahead, directory.resolve("snapshot"));

    assertThat(published).containsExactly(1L);
    assertThat(replica.store.publishedZxid()).isEqualTo(2);
  }

  @Test
  void aSnapshotWithoutTheHistoryTellsByTheZnodesAsTheyAre(@TempDir Path directory) {
    HistoryLimits short_ = new HistoryLimits(2, 1L << 40, 1L << 40);
    WatchedReplica behind = new WatchedReplica(short_);
    Watches behindWatches = watchesOf(behind);
    WatchedReplica ahead = new WatchedReplica(short_);
    List<Command> first =
        List.of(createZnode("/a"), createZnode("/b"), createZnode("/c"), createZnode("/d"));
    behind.apply(first);
    ahead.apply(first);
    ahead.apply(setData("/a"), createZnode("/b/x"), delete("/c"));
    ahead.apply(createZnode("/new"));
    ahead.apply(setData("/b/x"));
    ahead.apply(setData("/b/x"));
    for (String path : List.of("/a", "/b", "/c", "/d", "/new", "/missing")) {
      behindWatches.add(path(path), DATA, watcher, 4);
    }
    behindWatches.add(path("/b"), CHILDREN, watcher, 4);
    behindWatches.add(path("/c"), CHILDREN, watcher, 4);
    behindWatches.add(path("/d"), CHILDREN, watcher, 4);

    behind.restoreFrom(ahead, directory.resolve("snapshot"));

    assertThat(watcher.take())
        .containsExactlyInAnyOrder(
            "NODE_DATA_CHANGED /a 5",
            "NODE_CHILDREN_CHANGED /b 6",
            "NODE_DELETED /c 8",
            "NODE_CREATED /new 8",
            "NODE_DELETED /missing 8"); // It may have been there: the list of the root changed.
    assertThat(behindWatches.count(watcher)).isEqualTo(3);
    assertThat(watcher.gaps()).isEmpty();
  }

  @Test
  void aSnapshotWithoutTheHistoryIsAGapForLastingWatches(@TempDir Path directory) {
    HistoryLimits short_ = new HistoryLimits(2, 1L << 40, 1L << 40);
    WatchedReplica behind = new WatchedReplica(short_);
    Watches behindWatches = watchesOf(behind);
    WatchedReplica ahead = new WatchedReplica(short_);
    behind.apply(createZnode("/a"));
    ahead.apply(createZnode("/a"));
    for (int i = 0; i < 10; i++) {
      ahead.apply(setData("/a"));
    }
    behindWatches.add(path("/a"), PERSISTENT, watcher, 1);
    behindWatches.add(path("/a/x"), RECURSIVE, watcher, 1);

    behind.restoreFrom(ahead, directory.resolve("snapshot"));

    assertThat(watcher.take()).containsExactly("NODE_DATA_CHANGED /a 11");
    assertThat(watcher.gaps()).containsExactly(11L);
    assertThat(behindWatches.count(watcher)).isEqualTo(2);
  }
}
