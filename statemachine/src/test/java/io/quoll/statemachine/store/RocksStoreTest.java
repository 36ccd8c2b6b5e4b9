package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.Entries.newZnode;
import static io.quoll.statemachine.store.Entries.path;
import static io.quoll.statemachine.store.Entries.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

final class RocksStoreTest extends StateStoreContract {
  private static final String LONG_DATA = "long data ".repeat(2_000);

  private final Entries entries = new Entries();

  @Override
  StateStore open(Path directory) {
    return RocksStore.open(directory, RocksConfig.DEFAULT);
  }

  private StateStore reopened() {
    store.close();
    return opened("store");
  }

  @Test
  void whatWasFlushedIsThereAfterReopening() {
    entries.apply(store, newZnode("/a"), newZnode("/a/b"));
    TreeDigest digest = store.digest();
    store.flush();

    StateStore reopened = reopened();

    assertThat(reopened.digest()).isEqualTo(digest).isEqualTo(Digests.ofAll(reopened));
    assertThat(reopened.position()).isEqualTo(new Position(2, 0));
    assertThat(reopened.durablePosition()).isEqualTo(new Position(2, 0));
    assertThat(reopened.committed().server(Entries.SERVER_ID)).isPresent();
    assertThat(reopened.committed().timeMillis()).isPositive();
  }

  @Test
  void whatWasNotFlushedIsLostWholeWhenTheStoreIsClosed() {
    entries.apply(store, newZnode("/a"));
    store.flush();
    TreeDigest digest = store.digest();
    for (int i = 0; i < 100; i++) {
      entries.apply(store, set("/a", "data " + i), newZnode("/lost-" + i));
    }

    StateStore reopened = reopened();

    assertThat(reopened.digest()).isEqualTo(digest).isEqualTo(Digests.ofAll(reopened));
    assertThat(reopened.position()).isEqualTo(new Position(2, 0));
    assertThat(reopened.committed().data(path("/a"))).isEqualTo(Entries.bytes("/a"));
  }

  @Test
  void whatIsFlushedAheadWhileCommitsGoOnIsAWholeState() throws Exception {
    entries.apply(store, newZnode("/a"));
    StateStore flushed = store;
    CompletableFuture<Void> flushing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 10; i++) {
                flushed.flushAhead();
              }
            });
    for (int i = 0; !flushing.isDone(); i++) {
      entries.apply(store, set("/a", "data " + i), newZnode("/znode-" + i));
    }
    flushing.get(30, TimeUnit.SECONDS);
    assertThat(store.durablePosition()).isNotEqualTo(Position.NONE);

    StateStore reopened = reopened();

    assertThat(reopened.position()).isEqualTo(reopened.durablePosition());
    assertThat(reopened.digest()).isEqualTo(Digests.ofAll(reopened));
  }

  @Test
  void aReadFromMemorySignalsWhatOnlyTheDiskHoldsUntilItWasRead() {
    entries.apply(store, newZnode("/a"));
    store.flush();
    StateStore cold = reopened();

    try (StateStore.View view = cold.view()) {
      assertThatThrownBy(() -> view.inMemory().data(path("/a")))
          .isInstanceOf(NotInMemoryException.class);
      assertThatThrownBy(() -> view.inMemory().children(path("/"), "", 10))
          .isInstanceOf(NotInMemoryException.class);
      assertThat(view.data(path("/a"))).isEqualTo(Entries.bytes("/a"));
      assertThat(view.inMemory().data(path("/a"))).isEqualTo(Entries.bytes("/a"));
    }
  }

  @Test
  void aCrashLeavesTheStateOfTheDurablePosition() throws IOException {
    entries.apply(store, newZnode("/a"));
    store.flush();
    TreeDigest digest = store.digest();
    entries.apply(store, newZnode("/lost"));
    // What the files hold at this moment is what a crash leaves of them.
    copy(directory.resolve("store/state"), directory.resolve("crashed/state"));

    StateStore crashed = opened("crashed");

    assertThat(crashed.position()).isEqualTo(store.durablePosition());
    assertThat(crashed.digest()).isEqualTo(digest).isEqualTo(Digests.ofAll(crashed));
  }

  @Test
  void thePositionThatRocksFlushedOfItsOwnAccordIsDurableAndWhole() {
    Path root = directory.resolve("small");
    RocksConfig smallBuffers = new RocksConfig(8 << 20, 1 << 20, 1 << 20, HistoryLimits.DEFAULT);
    StateStore small = closedAfterwards(RocksStore.open(root, smallBuffers));
    String data = "x".repeat(100_000);
    entries.apply(small, newZnode("/a"));
    for (int i = 0; i < 100; i++) {
      entries.apply(small, set("/a", data), newZnode("/a/" + i));
    }
    Position durable = small.durablePosition();
    small.close(); // Nothing is flushed by that.

    StateStore reopened = closedAfterwards(RocksStore.open(root, smallBuffers));

    assertThat(durable.index()).isPositive();
    assertThat(reopened.position().index()).isBetween(durable.index(), 100L);
    assertThat(reopened.digest()).isEqualTo(Digests.ofAll(reopened));
    assertThat(reopened.committed().require(path("/a")).numChildren())
        .isEqualTo((int) reopened.position().index());
  }

  @Test
  void aCheckpointNamesItsPositionAndItsZxid() {
    entries.apply(store, newZnode("/a"), newZnode("/b"));
    Path checkpoint = directory.resolve("checkpoint");

    store.checkpoint(checkpoint);

    StoreHead head = RocksStore.verify(checkpoint);
    assertThat(head.position()).isEqualTo(new Position(2, 0)).isEqualTo(store.durablePosition());
    assertThat(head.treeDigest()).isEqualTo(store.digest());
  }

  @Test
  void aDamagedCheckpointIsRefused() throws IOException {
    entries.apply(store, newZnode("/a"));
    Path checkpoint = directory.resolve("checkpoint");
    store.checkpoint(checkpoint);
    Path copy = directory.resolve("copy"); // The checkpoint's files are the store's.
    copy(checkpoint, copy);
    Path table = firstFile(copy, ".sst");
    byte[] bytes = Files.readAllBytes(table);
    bytes[3] ^= 1;
    Files.write(table, bytes);

    assertThatThrownBy(() -> RocksStore.verify(copy)).isInstanceOf(StoreException.class);
    assertThat(RocksStore.verify(checkpoint).zxid()).isEqualTo(1);
    Files.delete(table);
    assertThatThrownBy(() -> RocksStore.verify(copy)).isInstanceOf(StoreException.class);
  }

  @Test
  void longDataIsThereAfterReopeningAsItWasFlushed() {
    entries.apply(store, newZnode("/a"), set("/a", LONG_DATA));
    store.flush();
    entries.apply(store, set("/a", "lost"));

    StateStore reopened = reopened();

    assertThat(reopened.committed().data(path("/a"))).isEqualTo(Entries.bytes(LONG_DATA));
    assertThat(reopened.digest()).isEqualTo(Digests.ofAll(reopened));
  }

  @Test
  void aCheckpointWithDamagedLongDataIsRefused() throws IOException {
    entries.apply(store, newZnode("/a"), set("/a", LONG_DATA));
    Path checkpoint = directory.resolve("checkpoint");
    store.checkpoint(checkpoint);
    Path copy = directory.resolve("copy"); // The checkpoint's files are the store's.
    copy(checkpoint, copy);
    Path blobs = firstFile(copy, ".blob");
    byte[] bytes = Files.readAllBytes(blobs);
    bytes[bytes.length / 2] ^= 1;
    Files.write(blobs, bytes);

    assertThatThrownBy(() -> RocksStore.verify(copy)).isInstanceOf(StoreException.class);
    assertThat(RocksStore.verify(checkpoint).zxid()).isEqualTo(2);
  }

  @Test
  void aStoreOfAnotherFormatIsRefused() throws RocksDBException {
    store.close();
    Path other = directory.resolve("other");
    StateStore created = opened("other");
    created.close();
    byte[] head = StoreHead.genesis().encode();
    head[3] = 9;
    writeHead(other.resolve("state"), head);

    assertThatThrownBy(() -> open(other))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("format 9");
    assertThatThrownBy(() -> RocksStore.verify(other.resolve("state")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("format 9");
  }

  @Test
  void aStoreFromBeforeSessionsAndHistoryOpensAndTellsThatNothingIsKept() throws RocksDBException {
    entries.apply(store, newZnode("/a"));
    store.flush();
    store.close();
    dropFamilies(directory.resolve("store/state"));

    StateStore reopened = opened("store");
    entries.apply(reopened, newZnode("/b"));
    long id = entries.open(reopened);

    assertThat(reopened.committed().session(id)).isPresent();
    try (StateStore.View view = reopened.view()) {
      assertThat(view.history(0, 10)).isEqualTo(new HistoryPage.Trimmed(1));
      assertThat(((HistoryPage.Events) view.history(1, 10)).events()).hasSize(1);
    }
  }

  @Test
  void theHistoryAndTheSessionsThatWereFlushedAreThereAfterReopening() {
    long id = entries.open(store);
    entries.apply(store, newZnode("/a"));
    store.flush();

    StateStore reopened = reopened();

    assertThat(reopened.committed().session(id)).isPresent();
    try (StateStore.View view = reopened.view()) {
      assertThat(((HistoryPage.Events) view.history(0, 10)).events()).hasSize(1);
    }
  }

  @Test
  void aStoreThatIsOpenCannotBeOpenedAgain() {
    assertThatThrownBy(() -> open(directory.resolve("store")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("LOCK");
  }

  @Test
  void aStoreWhoseFilesAreDamagedIsRefused() throws IOException {
    store.close();
    Path current = directory.resolve("store/state/CURRENT");
    Files.writeString(current, "nonsense");

    assertThatThrownBy(() -> open(directory.resolve("store")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no usable store");
  }

  @Test
  void aReplacementWaitsForViewsAndViewsForIt() throws Exception {
    entries.apply(store, newZnode("/a"));
    Path checkpoint = directory.resolve("checkpoint");
    store.checkpoint(checkpoint);
    StateStore.View old = store.view();

    CompletableFuture<Void> install = CompletableFuture.runAsync(() -> store.install(checkpoint));
    CompletableFuture<Long> next =
        CompletableFuture.supplyAsync(
            () -> {
              try (StateStore.View view = store.view()) {
                return view.zxid();
              }
            });
    assertThat(old.contains(path("/a"))).isTrue();
    old.close();

    install.get(30, TimeUnit.SECONDS);
    assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void aReplacementIsGivenUpIfAViewStaysOpen() {
    Path root = directory.resolve("impatient");
    StateStore impatient =
        closedAfterwards(RocksStore.open(root, RocksConfig.DEFAULT, Duration.ofMillis(10)));
    Path checkpoint = directory.resolve("checkpoint");
    store.checkpoint(checkpoint);
    entries.apply(impatient, newZnode("/a"));

    try (StateStore.View view = impatient.view()) {
      assertThatThrownBy(() -> impatient.install(checkpoint))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("still open");
      assertThat(view.contains(path("/a"))).isTrue();
    }
    try (StateStore.View view = impatient.view()) {
      assertThat(view.contains(path("/a"))).isTrue();
    }
    impatient.install(checkpoint);
    assertThat(impatient.publishedZxid()).isZero();
  }

  @Test
  void aClosedStoreFailsAndDoesNotCrashTheProcess() {
    StateView committed = store.committed();

    store.close();

    assertThatThrownBy(() -> committed.find(path("/a"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> entries.apply(store)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> store.commit(new StateTransaction(committed, 1, 1), new Position(1, 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(store::publish).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(store::flush).isInstanceOf(IllegalStateException.class);
    assertThat(store.durablePosition()).isEqualTo(Position.NONE);
  }

  @Test
  void aViewThatIsClosedFailsAndSoDoesAClosedStore() {
    StateStore.View view = store.view();
    view.close();
    view.close();

    assertThatThrownBy(() -> view.find(path("/a"))).isInstanceOf(IllegalStateException.class);
    store.close();
    assertThatThrownBy(() -> store.view()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theBytesOnDiskAreThoseOfTheFiles() {
    store.flush();

    assertThat(store.diskBytes()).isPositive();
  }

  private static void writeHead(Path state, byte[] head) throws RocksDBException {
    try (RocksSettings settings = new RocksSettings(RocksConfig.DEFAULT);
        RocksDatabase database = RocksDatabase.open(state, settings);
        WriteBatch batch = new WriteBatch()) {
      batch.put(RocksKeys.head(), head);
      database.write(batch);
      database.flush();
    }
  }

  /** Makes of {@code state} what was written before there were sessions and a history. */
  private static void dropFamilies(Path state) throws RocksDBException {
    List<ColumnFamilyHandle> families = new ArrayList<>();
    try (RocksSettings settings = new RocksSettings(RocksConfig.DEFAULT);
        RocksDB database =
            RocksDB.open(
                settings.database(),
                state.toString(),
                Stream.of(RocksFamily.values())
                    .map(family -> family.descriptor(settings.of(family)))
                    .toList(),
                families)) {
      database.delete(RocksKeys.historyExtent());
      database.dropColumnFamilies(families.subList(3, families.size()));
      families.forEach(ColumnFamilyHandle::close);
    }
  }

  /** Copies a database that may be at work: whole, so once more if it drops a file meanwhile. */
  static void copy(Path from, Path to) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        copyOnce(from, to);
        return;
      } catch (NoSuchFileException dropped) {
        if (attempt == 20) {
          throw dropped;
        }
        MoreFiles.deleteRecursively(to, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }

  private static void copyOnce(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static Path firstFile(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().findFirst().get();
    }
  }
}
