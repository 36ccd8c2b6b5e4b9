package io.quoll.statemachine.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quoll.statemachine.ratis.SnapshotDirectory.Snapshot;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.RocksConfig;
import io.quoll.statemachine.store.RocksStore;
import io.quoll.statemachine.store.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotDirectoryTest {
  @TempDir Path directory;
  private StateStore store;
  private StateStore leader;
  private SnapshotDirectory snapshots;

  @BeforeEach
  void open() {
    store = RocksStore.open(directory.resolve("store"), RocksConfig.DEFAULT);
    leader = RocksStore.open(directory.resolve("leader"), RocksConfig.DEFAULT);
    snapshots = SnapshotDirectory.open(directory.resolve("snapshots"));
  }

  @AfterEach
  void close() {
    store.close();
    leader.close();
  }

  @Test
  void aReceivedSnapshotBeyondTheStoreTakesItsPlaceAndIsASnapshotOfThisReplica() {
    moveTo(store, new Position(2, 10));
    receiveSnapshotAt(new Position(3, 20));

    snapshots.takeOverReceived(store, unpublished -> {});

    assertThat(store.position()).isEqualTo(new Position(3, 20));
    assertThat(snapshots.received()).isEmpty();
    assertThat(snapshots.newest().map(Snapshot::position)).contains(new Position(3, 20));
  }

  @Test
  void aReceivedSnapshotThatIsNotBeyondTheStoreIsRefused() {
    moveTo(store, new Position(3, 20));
    receiveSnapshotAt(new Position(3, 20));

    assertThatThrownBy(() -> snapshots.takeOverReceived(store, unpublished -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is not beyond");

    assertThat(snapshots.received()).isPresent();
  }

  @Test
  void withoutAReceivedSnapshotThereIsNothingToTakeOver() {
    moveTo(store, new Position(2, 10));

    snapshots.takeOverReceived(store, unpublished -> {});

    assertThat(store.position()).isEqualTo(new Position(2, 10));
  }

  @Test
  void anOldSnapshotStaysAsLongAsItIsPinned() {
    moveTo(store, new Position(2, 10));
    snapshots.take(store);
    Snapshot pinned = snapshots.pinNewest().orElseThrow();

    moveTo(store, new Position(2, 11));
    snapshots.take(store);
    assertThat(pinned.path()).isDirectory();
    snapshots.unpin(pinned);
    moveTo(store, new Position(2, 12));
    snapshots.take(store);

    assertThat(pinned.path()).doesNotExist();
    assertThat(snapshots.newest().map(Snapshot::position)).contains(new Position(2, 12));
  }

  @Test
  void whatACrashLeftHalfDoneIsRemovedAndWhatIsWholeStays() throws IOException {
    moveTo(store, new Position(2, 10));
    snapshots.take(store);
    receiveSnapshotAt(new Position(3, 20));
    Path halfReceived = snapshots.newIncoming();
    Path halfTaken = Files.createDirectory(directory.resolve("snapshots/snapshot-2-11.incomplete"));

    SnapshotDirectory reopened = SnapshotDirectory.open(directory.resolve("snapshots"));

    assertThat(halfReceived).doesNotExist();
    assertThat(halfTaken).doesNotExist();
    assertThat(reopened.received()).isPresent();
    assertThat(reopened.newest().map(Snapshot::position)).contains(new Position(2, 10));
  }

  @Test
  void aReceivedSnapshotThatIsDroppedIsGone() {
    receiveSnapshotAt(new Position(3, 20));

    snapshots.dropReceived();

    assertThat(snapshots.received()).isEqualTo(Optional.empty());
  }

  private void receiveSnapshotAt(Position position) {
    moveTo(leader, position);
    Path incoming = snapshots.newIncoming();
    try {
      Files.delete(incoming);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
    leader.checkpoint(incoming);
    snapshots.completeReceived(incoming);
  }

  private static void moveTo(StateStore store, Position position) {
    StateTransaction nothing =
        new StateTransaction(
            store.committed(), store.committed().zxid(), store.committed().timeMillis());
    store.commit(nothing, position);
  }
}
