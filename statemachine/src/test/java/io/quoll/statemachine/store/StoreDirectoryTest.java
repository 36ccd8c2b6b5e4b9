package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.Entries.newZnode;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pictures that a crash during a replacement can leave, each built by hand. */
final class StoreDirectoryTest {
  private static final long OLD_ZXID = 1;
  private static final long NEW_ZXID = 2;

  @TempDir Path directory;
  private Path root;
  private Path state;
  private Path retired;
  private Path checkpoint;

  @BeforeEach
  void makeAnOldStoreAndANewCheckpoint() {
    root = directory.resolve("store");
    state = root.resolve("state");
    retired = root.resolve("retired");
    checkpoint = directory.resolve("checkpoint");
    try (StateStore old = RocksStore.open(root, RocksConfig.DEFAULT);
        StateStore other = RocksStore.open(directory.resolve("other"), RocksConfig.DEFAULT)) {
      new Entries().apply(old, newZnode("/old"));
      old.flush();
      new Entries().apply(other, newZnode("/new"), newZnode("/newer"));
      other.checkpoint(checkpoint);
    }
  }

  @Test
  void aCrashBeforeTheFirstRenameLeavesTheOldStore() {
    assertThat(zxidWhenOpened()).isEqualTo(OLD_ZXID);
    assertThat(checkpoint).exists();
  }

  @Test
  void aCrashBetweenTheRenamesLeavesTheOldStore() throws IOException {
    Files.move(state, retired);

    assertThat(zxidWhenOpened()).isEqualTo(OLD_ZXID);
    assertThat(retired).doesNotExist();
  }

  @Test
  void aCrashAfterTheRenamesLeavesTheNewStore() throws IOException {
    Files.move(state, retired);
    Files.move(checkpoint, state);

    assertThat(zxidWhenOpened()).isEqualTo(NEW_ZXID);
    assertThat(retired).doesNotExist();
  }

  @Test
  void aCrashWhileTheOldStoreIsDeletedLeavesTheNewStore() throws IOException {
    Files.move(state, retired);
    Files.move(checkpoint, state);
    Files.delete(retired.resolve("CURRENT"));

    assertThat(zxidWhenOpened()).isEqualTo(NEW_ZXID);
    assertThat(retired).doesNotExist();
  }

  @Test
  void aReplacementThatEndedIsThereAfterReopening() {
    try (StateStore store = RocksStore.open(root, RocksConfig.DEFAULT)) {
      store.install(checkpoint);
    }

    assertThat(zxidWhenOpened()).isEqualTo(NEW_ZXID);
    assertThat(retired).doesNotExist();
  }

  @Test
  void aStoreThatWasNeverFinishedBeingCreatedIsCreatedAgain() throws IOException {
    Path fresh = directory.resolve("fresh");
    try (RocksSettings settings = new RocksSettings(RocksConfig.DEFAULT)) {
      Files.createDirectories(fresh);
      RocksDatabase.open(fresh.resolve("state"), settings).close();
    }

    try (StateStore store = RocksStore.open(fresh, RocksConfig.DEFAULT)) {
      assertThat(store.digest()).isEqualTo(Digests.ofAll(store));
      assertThat(store.position()).isEqualTo(Position.NONE);
    }
  }

  private long zxidWhenOpened() {
    try (StateStore store = RocksStore.open(root, RocksConfig.DEFAULT)) {
      assertThat(store.digest()).isEqualTo(Digests.ofAll(store));
      return store.publishedZxid();
    }
  }
}
