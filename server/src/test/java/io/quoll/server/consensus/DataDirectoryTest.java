package io.quoll.server.consensus;

import static io.quoll.server.consensus.TestEnsemble.createZnode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DataDirectoryTest {
  @TempDir Path directory;

  @BeforeEach
  void makeDirectory() throws IOException {
    Files.createDirectory(directory.resolve("node1"));
  }

  @Test
  void aDirectoryKeepsItsNameAndEveryStartIsALaterIncarnation() {
    DataDirectory data = new DataDirectory(config(1, "test"));
    NodeIdentity first = data.next(data.existing(), 1000);
    data.write(first);

    NodeIdentity second = data.next(data.existing(), 500);

    assertThat(second.directoryId()).isEqualTo(first.directoryId());
    assertThat(second.incarnation()).isEqualTo(1001);
  }

  @Test
  void aDirectoryOfAnotherServerIsRefused() {
    DataDirectory other = new DataDirectory(config(2, "test"));
    other.write(other.next(Optional.empty(), 1));

    assertRefused(
        () -> new DataDirectory(config(1, "test")).existing(), "belongs to server 2", "myid");
  }

  @Test
  void aDirectoryOfAnotherEnsembleIsRefused() {
    DataDirectory other = new DataDirectory(config(1, "staging"));
    other.write(other.next(Optional.empty(), 1));

    assertRefused(
        () -> new DataDirectory(config(1, "test")).existing(), "\"staging\"", "clusterName");
  }

  @Test
  void aDirectoryThatTookPartAndLostItsLogIsRefused() {
    DataDirectory data = new DataDirectory(config(1, "test"));
    data.write(data.next(Optional.empty(), 1).asJoined());

    assertRefused(data::existing, "its Raft log is gone", "under a new number");
  }

  @Test
  void aDirectoryThatCannotBeCreatedIsRefused() throws Exception {
    Files.writeString(directory.resolve("node1/raft"), "a file in its place");

    assertRefused(() -> new DataDirectory(config(1, "test")).existing(), "cannot be created");
  }

  @Test
  void aVoterThatLostItsWholeDirectoryIsRefusedByTheOthers() throws Exception {
    try (TestEnsemble ensemble = TestEnsemble.start(directory, 3)) {
      int wiped = ensemble.follower();
      ensemble.submit(wiped, createZnode("/acknowledged"));
      ensemble.stopNode(wiped);
      MoreFiles.deleteRecursively(
          directory.resolve("node" + wiped), RecursiveDeleteOption.ALLOW_INSECURE);

      assertThatThrownBy(() -> ensemble.startNode(wiped))
          .rootCause()
          .isInstanceOfSatisfying(
              StartupException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA_DIRECTORY))
          .hasMessageContaining("took part in this ensemble before")
          .hasMessageContaining("under a number that was never used");
    }
  }

  private ConsensusConfig config(int id, String cluster) {
    return new ConsensusConfig(
        id,
        cluster,
        ImmutableList.of(new ConsensusConfig.Peer(id, "127.0.0.1", 1, false, "")),
        directory.resolve("node1"),
        directory.resolve("node1"),
        "",
        "test",
        1,
        1,
        Duration.ofHours(1),
        1,
        1,
        Optional.empty());
  }

  private static void assertRefused(ThrowingCallable start, String... parts) {
    assertThatThrownBy(start)
        .isInstanceOfSatisfying(
            StartupException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA_DIRECTORY))
        .hasMessageContainingAll(parts);
  }
}
