package io.quoll.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.ZnodeCodec;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.SnapshotReader.StoredZnode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotReaderTest {
  @TempDir private Path folder;
  private Path snapshot;

  @BeforeEach
  void names() {
    snapshot = folder.resolve("snapshot");
  }

  @Test
  void everyZnodeIsReadWithItsDataInTheOrderOfThePathsAndTogetherTheyMakeTheDigest() {
    long seed = System.nanoTime();
    try (RocksStore store = RocksStore.open(folder.resolve("store"), RocksConfig.DEFAULT)) {
      Entries entries = new Entries();
      entries.apply(store, new RandomCommands(new Random(seed)).next(300).toArray(Command[]::new));
      entries.apply(store, create("/short", 5), create("/long", 5_000), create("/null", -1));
      entries.apply(store, new SetData(ZnodePath.of("/long"), bytes(9_000), -1));
      store.checkpoint(snapshot);

      try (SnapshotReader reader = SnapshotReader.open(snapshot);
          StateStore.View view = store.view()) {
        ImmutableList<StoredZnode> znodes = ImmutableList.copyOf(reader.znodes());

        assertThat(reader.head().treeDigest()).as("seed %s", seed).isEqualTo(store.digest());
        assertThat(digest(znodes)).isEqualTo(reader.head().digest());
        assertThat(znodes).extracting(StoredZnode::path).isSorted();
        assertThat(znodes)
            .hasSize(1 + view.descendants(ZnodePath.ROOT, ZnodePath.ROOT, 9_999).size());
        for (StoredZnode stored : znodes) {
          assertThat(view.find(stored.path())).contains(stored.znode());
          assertThat(view.data(stored.path())).isEqualTo(stored.data());
        }
      }
    }
  }

  @Test
  void whatIsNoSnapshotIsRefused() {
    assertThatThrownBy(() -> SnapshotReader.open(snapshot)).isInstanceOf(StoreException.class);
  }

  @Test
  void damagedDataIsNotHandedOn() throws IOException {
    try (RocksStore store = RocksStore.open(folder.resolve("store"), RocksConfig.DEFAULT)) {
      new Entries().apply(store, create("/long", 500_000));
      store.checkpoint(snapshot);
    }
    damageLongData();

    try (SnapshotReader reader = SnapshotReader.open(snapshot)) {
      Iterator<StoredZnode> znodes = reader.znodes();

      assertThatThrownBy(() -> znodes.forEachRemaining(each -> {}))
          .isInstanceOf(RuntimeException.class);
    }
  }

  private void damageLongData() throws IOException {
    Path blobs;
    try (Stream<Path> files = Files.list(snapshot)) {
      blobs = files.filter(file -> file.toString().endsWith(".blob")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(blobs);
    bytes[bytes.length / 3] ^= 1;
    Files.delete(blobs); // The store's own file is linked to it.
    Files.write(blobs, bytes);
  }

  private static long digest(ImmutableList<StoredZnode> znodes) {
    long digest = 0;
    for (StoredZnode stored : znodes) {
      digest +=
          EncodedRow.fingerprint(RocksKeys.znode(stored.path()), ZnodeCodec.encode(stored.znode()));
    }
    return digest;
  }

  private static Create create(String path, int dataBytes) {
    return Create.at(path, false, dataBytes < 0 ? null : bytes(dataBytes), Acl.OPEN);
  }

  private static ByteString bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
