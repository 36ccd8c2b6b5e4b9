package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.BackupContent;
import io.quoll.api.v1.BackupPart;
import io.quoll.api.v1.BackupZnode;
import io.quoll.api.v1.MemberStatus;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.Write;
import io.quoll.client.backup.BackupFile;
import io.quoll.client.backup.BackupInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of three servers, from each of them, while others write. */
class BackupIT {
  private static final Path FULL_DEVICE = Path.of("/dev/full");
  private static Ensemble ensemble;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("backup");
  }

  @AfterAll
  static void stop() {
    ensemble.close();
  }

  @Test
  void aBackupIsTheTreeOfOneZxidWhicheverServerItComesFrom() throws IOException {
    try (QuollClient client = Ensemble.clientOf(ensemble.leader())) {
      client.create("/quiet", ByteString.copyFromUtf8("x"), CreateMode.PERSISTENT);
    }
    ensemble.awaitSameDigest();

    for (ServerProcess server : ensemble.servers()) {
      try (QuollClient client = Ensemble.clientOf(server)) {
        BackupFile file = BackupFile.at(folder.resolve("b" + server.clientAddress()));
        BackupInfo info = client.createBackup(file, false);

        MemberStatus standing = server.standing().orElseThrow();
        assertThat(info.zxid()).isEqualTo(standing.getZxid());
        assertThat(info.treeDigest()).isEqualTo(standing.getTreeDigest());
        assertThat(file.verify()).isEqualTo(info);
        assertThat(rows(file)).containsKey("/quiet");
      }
    }
  }

  @Test
  void aBackupUnderLoadHasEachTransactionWholeAndNoneBehindOneThatItLacks() throws Exception {
    AtomicBoolean ends = new AtomicBoolean();
    AtomicLong acknowledged = new AtomicLong();
    try (QuollClient writer = Ensemble.clientOf(ensemble.leader());
        QuollClient reader = Ensemble.clientOf(ensemble.followers().get(0))) {
      writer.create("/load", null, CreateMode.PERSISTENT);
      Thread load = new Thread(() -> writePairs(writer, ends, acknowledged), "load");
      load.start();
      try {
        for (int i = 0; i < 3; i++) {
          long before = acknowledged.get();
          BackupFile file = BackupFile.at(folder.resolve("load" + i));
          BackupInfo info = reader.createBackup(file, false);

          Map<String, BackupZnode> rows = rows(file);
          long pairs = rows.keySet().stream().filter(path -> path.startsWith("/load/a")).count();
          assertThat(pairs).isGreaterThanOrEqualTo(before);
          for (long pair = 0; pair < pairs; pair++) {
            assertThat(rows).containsKeys("/load/a" + pair, "/load/b" + pair);
          }
          assertThat(rows).doesNotContainKeys("/load/a" + pairs, "/load/b" + pairs);
          assertThat(rows.values()).allMatch(znode -> znode.getMzxid() <= info.zxid());
        }
      } finally {
        ends.set(true);
        load.join();
      }
    }
  }

  private static void writePairs(QuollClient client, AtomicBoolean ends, AtomicLong acknowledged) {
    for (long pair = 0; !ends.get(); pair++) {
      Object unused =
          client.multi(
              List.of(
                  new Write.Create("/load/a" + pair, null, CreateMode.PERSISTENT),
                  new Write.Create("/load/b" + pair, null, CreateMode.PERSISTENT)));
      acknowledged.incrementAndGet();
    }
  }

  @Test
  void aFullDiskIsSaidAndLeavesNoFile() throws IOException {
    assumeTrue(Files.exists(FULL_DEVICE), "there is no " + FULL_DEVICE);
    Path file = folder.resolve("b");
    Files.createSymbolicLink(folder.resolve("b.incomplete"), FULL_DEVICE);

    try (QuollClient client = Ensemble.clientOf(ensemble.leader())) {
      assertThatThrownBy(() -> client.createBackup(BackupFile.at(file), false))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device");
    }

    assertThat(folder).isEmptyDirectory();
  }

  private static Map<String, BackupZnode> rows(BackupFile file) throws IOException {
    Map<String, BackupZnode> rows = new TreeMap<>();
    Object unused =
        file.read(
            bytes -> {
              BackupPart part = BackupPart.parseFrom(bytes);
              for (BackupZnode znode :
                  BackupContent.parseFrom(part.getContent()).getZnodes().getZnodesList()) {
                rows.put(znode.getPath(), znode);
              }
            });
    return rows;
  }
}
