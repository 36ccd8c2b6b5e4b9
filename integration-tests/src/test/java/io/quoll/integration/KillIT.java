package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KillIT {
  private final Random random = Form.random("KillIT");

  @Test
  void noAcknowledgedWriteIsLostByKillsOfOneTwoOrAllServers() {
    try (Ensemble ensemble = Ensemble.start("kill", "snapCount=1000");
        Load load = Load.start(ensemble)) {
      for (int round = 1; round <= Form.of(8, 24); round++) {
        load.awaitMore(100 + random.nextInt(900));
        List<ServerProcess> victims = victims(ensemble, round);

        victims.forEach(ServerProcess::kill);

        if (victims.size() == 1) {
          load.awaitMore(50);
        }
        ensemble.startAll();
        System.out.printf(
            "Round %d: killed %d, %d writes acknowledged%n",
            round, victims.size(), load.acknowledged());
      }
      requireNothingLost(ensemble, load);
    }
  }

  // In every other round the leader is among them.
  private List<ServerProcess> victims(Ensemble ensemble, int round) {
    List<ServerProcess> servers = new ArrayList<>(ensemble.servers());
    Collections.shuffle(servers, random);
    if (round % 2 == 0) {
      ServerProcess leader = ensemble.leader();
      servers.remove(leader);
      servers.add(0, leader);
    }
    int count = List.of(1, 1, 2, 3).get(round % 4);
    return servers.subList(0, count);
  }

  @Test
  void noAcknowledgedWriteIsLostByKillsWhileSnapshotsAreTaken() {
    try (Ensemble ensemble = Ensemble.start("kill-in-snapshot", "snapCount=20");
        Load load = Load.start(ensemble)) {
      int leftBehind = 0;
      for (int round = 1; round <= Form.of(4, 20); round++) {
        load.awaitMore(100 + random.nextInt(200));
        ServerProcess victim = ensemble.server(1 + random.nextInt(3));
        awaitSnapshotUnderWay(victim);

        victim.kill();

        leftBehind += isSnapshotUnderWay(victim) ? 1 : 0;
        load.awaitMore(50);
        ensemble.startAll();
      }
      System.out.printf("%d kills left an incomplete snapshot behind%n", leftBehind);
      requireNothingLost(ensemble, load);
    }
  }

  private static void awaitSnapshotUnderWay(ServerProcess server) {
    await("a snapshot is being taken")
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> isSnapshotUnderWay(server));
  }

  private static boolean isSnapshotUnderWay(ServerProcess server) {
    try (Stream<Path> paths = Files.list(server.dataDirectory().resolve("snapshots"))) {
      return paths.anyMatch(path -> path.toString().endsWith(".incomplete"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void requireNothingLost(Ensemble ensemble, Load load) {
    load.stop();
    assertThat(load.acknowledged()).isPositive();
    ensemble.awaitSameDigest();
    load.requireKept(ensemble.server(1));
  }
}
