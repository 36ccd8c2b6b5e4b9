package io.quoll.server.consensus;

import static io.quoll.server.consensus.TestEnsemble.createZnode;
import static io.quoll.server.consensus.TestEnsemble.setData;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SnapshotInstallTest {
  @TempDir Path directory;

  @Test
  void aNodeBehindThePurgedLogIsBroughtUpBySnapshotAndKeepsItOverARestart() throws Exception {
    try (TestEnsemble ensemble = TestEnsemble.start(directory, 3, 50)) {
      int stopped = ensemble.follower();
      ensemble.submit(stopped, createZnode("/data"));
      ensemble.stopNode(stopped);
      int leader = ensemble.leader();
      // Far more than the log keeps, one entry each, for each waits for the one before.
      for (int i = 0; i < 2500; i++) {
        ensemble.submit(leader, setData("/data", "value " + "x".repeat(400) + i));
      }

      ensemble.startNode(stopped);
      ensemble.awaitSameTree();
      ensemble.submit(stopped, createZnode("/after"));
      ensemble.stopNode(stopped);
      ensemble.startNode(stopped);

      ensemble.awaitSameTree();
      assertThat(Files.exists(directory.resolve("node" + stopped + "/snapshots/received")))
          .isFalse();
      assertThat(ensemble.node(stopped).halts()).isEmpty();
    }
  }
}
