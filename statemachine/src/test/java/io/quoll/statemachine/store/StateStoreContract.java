package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.Entries.bytes;
import static io.quoll.statemachine.store.Entries.newZnode;
import static io.quoll.statemachine.store.Entries.path;
import static io.quoll.statemachine.store.Entries.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.RegisterServer;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.ZnodePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link StateStore} keeps. */
@Timeout(60)
abstract class StateStoreContract {
  private final List<StateStore> opened = new ArrayList<>();
  private final Entries entries = new Entries();

  @TempDir Path directory;
  StateStore store;

  /** A store in {@code directory}, which holds nothing yet. */
  abstract StateStore open(Path directory);

  @BeforeEach
  void openStore() {
    store = opened("store");
  }

  @AfterEach
  void closeStores() {
    opened.forEach(StateStore::close);
  }

  /** A store in the directory {@code name}, closed after the test. */
  final StateStore opened(String name) {
    return closedAfterwards(open(directory.resolve(name)));
  }

  final StateStore closedAfterwards(StateStore opening) {
    opened.add(opening);
    return opening;
  }

  @Test
  void aNewStoreHoldsTheFreshTree() {
    try (StateStore.View view = store.view()) {
      for (Row row : Genesis.rows()) {
        assertThat(view.find(row.path())).contains(row.after());
        assertThat(view.data(row.path())).isEqualTo(ByteString.EMPTY);
      }
      assertThat(view.zxid()).isZero();
      assertThat(view.timeMillis()).isZero();
    }
    assertThat(store.position()).isEqualTo(Position.NONE);
    assertThat(store.durablePosition()).isEqualTo(Position.NONE);
    assertThat(store.digest()).isEqualTo(Digests.ofAll(store));
  }

  @Test
  void dataMayBecomeLongerAndShorterAndGo() {
    entries.apply(store, newZnode("/a"));
    StateStore cold = opened("cold");
    int number = 0;
    for (int length : new int[] {0, 128, 129, 5, 20_000, -1, 129, 128, -1, 0}) {
      ByteString data = length < 0 ? null : bytes("x".repeat(length));

      entries.apply(store, new SetData(path("/a"), data, -1));
      Path checkpoint = directory.resolve("checkpoint" + number++);
      store.checkpoint(checkpoint);
      cold.install(checkpoint);

      for (StateStore each : List.of(store, cold)) { // The latter has read nothing before.
        assertThat(each.committed().data(path("/a"))).isEqualTo(data);
        assertThat(each.committed().require(path("/a")).dataLength()).isEqualTo(length);
      }
    }
  }

  @Test
  void aZnodeKeepsItsDataWhenOnlyItsChildrenChange() {
    String apart = "x".repeat(1_000);
    entries.apply(store, newZnode("/short"), set("/short", "data"));
    entries.apply(store, newZnode("/long"), set("/long", apart));
    StateStore cold = opened("cold");
    Path before = directory.resolve("before");
    store.checkpoint(before);
    cold.install(before);

    entries.apply(cold, newZnode("/short/child"), newZnode("/long/child"));
    Path after = directory.resolve("after");
    cold.checkpoint(after);
    store.install(after);

    assertThat(store.committed().data(path("/short"))).isEqualTo(bytes("data"));
    assertThat(store.committed().data(path("/long"))).isEqualTo(bytes(apart));
    assertThat(store.committed().require(path("/short")).numChildren()).isEqualTo(1);
    assertThat(store.digest()).isEqualTo(Digests.ofAll(store));
  }

  @Test
  void whatWasWrittenJustNowIsInMemory() {
    entries.apply(store, newZnode("/a"), set("/a", "data"));

    try (StateStore.View view = store.view()) {
      assertThat(view.inMemory().zxid()).isEqualTo(view.zxid());
      assertThat(view.inMemory().find(path("/a"))).isEqualTo(view.find(path("/a"))).isPresent();
      assertThat(view.inMemory().data(path("/a"))).isEqualTo(bytes("data"));
      assertThat(view.inMemory().find(path("/missing"))).isEmpty();
    }
  }

  @Test
  void aCommitIsSeenByTheApplyThreadAtOnceAndByViewsOnceItIsPublished() {
    entries.commit(store, newZnode("/a"));

    assertThat(store.committed().contains(path("/a"))).isTrue();
    assertThat(store.committed().zxid()).isEqualTo(1);
    assertThat(store.position()).isEqualTo(new Position(2, 0));
    assertThat(store.publishedZxid()).isZero();
    try (StateStore.View before = store.view()) {
      assertThat(before.contains(path("/a"))).isFalse();
      assertThat(before.zxid()).isZero();
    }

    store.publish();

    assertThat(store.publishedZxid()).isEqualTo(1);
    try (StateStore.View after = store.view()) {
      assertThat(after.contains(path("/a"))).isTrue();
      assertThat(after.timeMillis()).isEqualTo(store.committed().timeMillis()).isPositive();
    }
  }

  @Test
  void aViewStaysAtItsZxidWhileOthersAreCommitted() {
    entries.apply(store, newZnode("/a"), newZnode("/a/b"));
    try (StateStore.View view = store.view()) {
      entries.apply(store, set("/a", "new"), newZnode("/a/c"));
      entries.apply(store, new DeleteRecursive(path("/a")), new RegisterServer(9, "d", "h:1"));
      store.flush();

      assertThat(view.zxid()).isEqualTo(2);
      assertThat(view.data(path("/a"))).isEqualTo(bytes("/a"));
      assertThat(view.require(path("/a")).version()).isZero();
      assertThat(view.children(path("/a"), "", 10)).containsExactly("b");
      assertThat(view.descendants(path("/a"), path("/a"), 10)).containsExactly(path("/a/b"));
      assertThat(view.server(9)).isEmpty();
    }
    try (StateStore.View view = store.view()) {
      assertThat(view.contains(path("/a"))).isFalse();
      assertThat(view.data(path("/a"))).isNull();
      assertThat(view.server(9)).isPresent();
    }
  }

  @Test
  void nullDataAndEmptyDataAreToldApart() {
    entries.apply(
        store,
        Create.at("/null", false, null, Acl.OPEN),
        Create.at("/empty", false, ByteString.EMPTY, Acl.OPEN),
        newZnode("/nulled"));

    entries.apply(
        store,
        new SetData(path("/nulled"), null, -1),
        new SetData(path("/null"), ByteString.EMPTY, -1));

    try (StateStore.View view = store.view()) {
      assertThat(view.data(path("/nulled"))).isNull();
      assertThat(view.require(path("/nulled")).dataLength()).isEqualTo(-1);
      assertThat(view.data(path("/empty"))).isEqualTo(ByteString.EMPTY);
      assertThat(view.data(path("/null"))).isEqualTo(ByteString.EMPTY);
      assertThat(view.data(path("/missing"))).isNull();
    }
  }

  @Test
  void aZnodeMadeAndDeletedAndMadeAgainInOneEntryHasItsLastData() {
    Acl acl = new Acl(ImmutableList.of(new Acl.Entry(7, "world", "anyone")));
    entries.apply(store, newZnode("/a"));

    entries.apply(
        store,
        new Delete(path("/a"), -1),
        Create.at("/a", false, null, acl),
        newZnode("/b"),
        new Delete(path("/b"), -1),
        newZnode("/a/c"));

    try (StateStore.View view = store.view()) {
      assertThat(view.data(path("/a"))).isNull();
      assertThat(view.require(path("/a")).acl()).isEqualTo(acl);
      assertThat(view.contains(path("/b"))).isFalse();
      assertThat(view.children(path("/a"), "", 9)).containsExactly("c");
    }
    assertThat(store.digest()).isEqualTo(Digests.ofAll(store));
  }

  @Test
  void childrenComeInTheOrderOfTheirNamesAndInPages() {
    entries.apply(store, newZnode("/p"), newZnode("/p0"), newZnode("/p!"), newZnode("/p/é"));
    entries.apply(
        store,
        newZnode("/p/b"),
        newZnode("/p/b/x"),
        newZnode("/p/a"),
        newZnode("/p/a!"),
        newZnode("/p/日"));

    try (StateStore.View view = store.view()) {
      assertThat(view.children(path("/p"), "", 100)).containsExactly("a", "a!", "b", "é", "日");
      assertThat(view.children(path("/p"), "", 2)).containsExactly("a", "a!");
      assertThat(view.children(path("/p"), "a!", 2)).containsExactly("b", "é");
      assertThat(view.children(path("/p"), "c", 9)).containsExactly("é", "日");
      assertThat(view.children(path("/p"), "日", 9)).isEmpty();
      assertThat(view.children(path("/p"), "", 0)).isEmpty();
      assertThat(view.children(path("/missing"), "", 9)).isEmpty();
      assertThat(view.children(ZnodePath.ROOT, "", 9))
          .containsExactly("p", "p!", "p0", "zookeeper");
    }
  }

  @Test
  void descendantsComeByDepthFirstAndInPages() {
    entries.apply(
        store, newZnode("/p"), newZnode("/p/b"), newZnode("/p/b/a"), newZnode("/p/b/a/z"));
    entries.apply(store, newZnode("/p/a"), newZnode("/p/a/y"), newZnode("/p0"), newZnode("/p0/x"));
    ImmutableList<ZnodePath> all =
        ImmutableList.of(
            path("/p/a"), path("/p/b"), path("/p/a/y"), path("/p/b/a"), path("/p/b/a/z"));

    try (StateStore.View view = store.view()) {
      assertThat(view.descendants(path("/p"), path("/p"), 100)).isEqualTo(all);
      for (int i = 0; i < all.size(); i++) {
        ImmutableList<ZnodePath> rest = all.subList(i + 1, all.size());
        assertThat(view.descendants(path("/p"), all.get(i), 100)).isEqualTo(rest);
        assertThat(view.descendants(path("/p"), all.get(i), 1))
            .isEqualTo(rest.subList(0, Math.min(1, rest.size())));
      }
      assertThat(view.descendants(path("/p"), path("/a"), 100)).isEqualTo(all);
      assertThat(view.descendants(path("/p"), path("/z/z"), 100)).isEqualTo(all.subList(2, 5));
      assertThat(view.descendants(path("/p/b/a/z"), path("/p/b/a/z"), 9)).isEmpty();
      assertThat(view.descendants(ZnodePath.ROOT, ZnodePath.ROOT, 100)).hasSize(11);
    }
  }

  @Test
  void theDigestFollowsEveryKindOfChange() {
    List<TreeDigest> digests = new ArrayList<>();
    digests.add(store.digest());

    entries.apply(store, newZnode("/a"), newZnode("/a/b"));
    digests.add(store.digest());
    entries.apply(store, set("/a", "1"));
    digests.add(store.digest());
    entries.apply(store, set("/a", "2"));
    digests.add(store.digest());
    entries.apply(store, new DeleteRecursive(path("/a")));
    digests.add(store.digest());

    assertThat(digests).extracting(TreeDigest::value).doesNotHaveDuplicates();
    assertThat(digests).extracting(TreeDigest::zxid).containsExactly(0L, 2L, 3L, 4L, 5L);
    assertThat(store.digest()).isEqualTo(Digests.ofAll(store));
  }

  @Test
  void anEntryThatChangesNothingMovesThePositionAlone() {
    TreeDigest digest = store.digest();

    entries.apply(store, new Barrier());

    assertThat(store.position()).isEqualTo(new Position(2, 0));
    assertThat(store.publishedZxid()).isZero();
    assertThat(store.digest()).isEqualTo(digest);
  }

  @Test
  void aCommitAtAPositionThatWasPassedIsABug() {
    entries.apply(store, newZnode("/a"));
    StateTransaction transaction = new StateTransaction(store.committed(), 1, 1);

    assertThatThrownBy(() -> store.commit(transaction, new Position(3, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPositionIsDurableOnceItIsFlushed() {
    entries.apply(store, newZnode("/a"));
    assertThat(store.durablePosition()).isEqualTo(Position.NONE);

    store.flush();
    entries.apply(store, newZnode("/b"));

    assertThat(store.durablePosition()).isEqualTo(new Position(2, 0));
    assertThat(store.position()).isEqualTo(new Position(2, 1));
  }

  @Test
  void aCheckpointInstalledElsewhereIsTheSameState() {
    entries.apply(store, newZnode("/a"), newZnode("/a/b"), new RegisterServer(5, "d", "h:1"));
    entries.commit(store, set("/a", "not yet published"));
    Path checkpoint = directory.resolve("checkpoint");
    store.checkpoint(checkpoint);
    store.publish();
    TreeDigest digest = store.digest();
    entries.apply(store, newZnode("/later"));
    StateStore other = opened("other");
    new Entries().apply(other, newZnode("/other"));

    other.install(checkpoint);

    assertThat(other.position()).isEqualTo(new Position(2, 1));
    assertThat(other.durablePosition()).isEqualTo(new Position(2, 1));
    assertThat(other.publishedZxid()).isEqualTo(3);
    assertThat(other.digest()).isEqualTo(digest).isEqualTo(Digests.ofAll(other));
    assertThat(other.committed().contains(path("/other"))).isFalse();
    assertThat(other.committed().data(path("/a"))).isEqualTo(bytes("not yet published"));
    assertThat(other.committed().server(5)).isEqualTo(store.committed().server(5)).isPresent();
    assertThat(checkpoint).doesNotExist();
  }

  @Test
  void aCheckpointIsSeenByItsInstallerBeforeAnybodyElse() {
    entries.apply(store, newZnode("/a"), newZnode("/b"));
    Path checkpoint = directory.resolve("checkpoint");
    store.checkpoint(checkpoint);
    StateStore other = opened("other");
    List<Long> zxids = new ArrayList<>();

    other.install(
        checkpoint,
        unpublished -> {
          zxids.add(other.publishedZxid());
          zxids.add(unpublished.zxid());
          assertThat(unpublished.contains(path("/b"))).isTrue();
          assertThat(unpublished.history(0, 10)).isInstanceOf(HistoryPage.Events.class);
        });

    assertThat(zxids).containsExactly(0L, 2L);
    assertThat(other.publishedZxid()).isEqualTo(2);
  }

  @Test
  void aStoreGoesOnAfterACheckpointWasInstalled() {
    entries.apply(store, newZnode("/a"));
    Path checkpoint = directory.resolve("checkpoint");
    store.checkpoint(checkpoint);
    StateStore other = opened("other");
    other.install(checkpoint);

    new Entries().apply(other, set("/a", "skipped, for this origin's first proposal is applied"));
    entries.apply(other, newZnode("/a/b"));
    other.flush();

    assertThat(other.publishedZxid()).isEqualTo(2);
    assertThat(other.digest()).isEqualTo(Digests.ofAll(other));
    assertThat(other.durablePosition()).isEqualTo(other.position());
  }

  @Test
  void whatIsNoCheckpointIsNotInstalled() throws Exception {
    entries.apply(store, newZnode("/a"));
    Path empty = Files.createDirectory(directory.resolve("empty"));

    assertThatThrownBy(() -> store.install(empty)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.install(directory.resolve("missing")))
        .isInstanceOf(StoreException.class);

    try (StateStore.View view = store.view()) {
      assertThat(view.contains(path("/a"))).isTrue();
    }
    entries.apply(store, newZnode("/b"));
    assertThat(store.publishedZxid()).isEqualTo(2);
  }

  @Test
  void manyThreadsReadWholeStatesWhileCommitsGoOn() throws Exception {
    entries.apply(store, newZnode("/a"), newZnode("/b"));
    ExecutorService readers = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> reads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        reads.add(readers.submit(equalDataUntil(301)));
      }
      for (int i = 0; i < 300; i++) {
        String data = "data " + i;
        entries.apply(store, new Multi(ImmutableList.of(set("/a", data), set("/b", data))));
      }

      for (Future<Integer> read : reads) {
        assertThat(read.get(30, TimeUnit.SECONDS)).isPositive();
      }
    } finally {
      readers.shutdownNow();
    }
  }

  private Callable<Integer> equalDataUntil(long zxid) {
    return () -> {
      int reads = 0;
      long seen = 0;
      while (seen < zxid) {
        try (StateStore.View view = store.view()) {
          assertThat(view.zxid()).isGreaterThanOrEqualTo(seen);
          seen = view.zxid();
          if (seen > 2) {
            assertThat(view.data(path("/a"))).isEqualTo(view.data(path("/b")));
            assertThat(view.require(path("/a")).mzxid()).isEqualTo(seen);
          }
          reads++;
        }
      }
      return reads;
    };
  }

  @Test
  void aMissingZnodeIsRejected() {
    try (StateStore.View view = store.view()) {
      assertThatThrownBy(() -> view.require(path("/missing")))
          .isInstanceOfSatisfying(
              Rejection.class,
              rejection -> assertThat(rejection.code()).isEqualTo(ErrorCode.NO_NODE));
    }
  }
}
