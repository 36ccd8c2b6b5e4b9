package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A follower that was down for so long that the log which it misses is gone. */
class CatchUpIT {
  private static final int WRITES = Form.of(30_000, 200_000);
  private static final Duration INSTALL_MAX = Duration.ofSeconds(60);
  private static final String FETCHED = "Fetched the snapshot of";

  private static Ensemble ensemble;
  private static Bulk bulk;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("catch-up", Bulk.SETTINGS);
    bulk = new Bulk(ensemble, Form.random("CatchUpIT"));
  }

  @AfterAll
  static void stop() {
    ensemble.close();
  }

  @Test
  void aFollowerThatMissedMoreThanTheLogHoldsCatchesUpByASnapshot() throws Exception {
    ServerProcess follower = ensemble.followers().get(0);
    follower.kill();
    bulk.write("/missed", WRITES);

    follower.start();

    ensemble.awaitSameDigest();
    assertThat(follower.output()).contains(FETCHED);
  }

  @Test
  void aFollowerThatIsKilledDuringTheInstallCatchesUpAtTheNextStart() throws Exception {
    ServerProcess follower = ensemble.followers().get(0);
    follower.kill();
    bulk.write("/missed-again", WRITES / 2);
    follower.launch();
    await("the follower receives a snapshot")
        .atMost(INSTALL_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> isReceiving(follower));

    follower.kill();

    assertThat(follower.output()).doesNotContain(FETCHED);
    follower.start();
    ensemble.awaitSameDigest();
    assertThat(follower.output()).contains(FETCHED);
  }

  private static boolean isReceiving(ServerProcess server) {
    return Files.exists(server.dataDirectory().resolve("snapshots/received.incomplete"));
  }
}
