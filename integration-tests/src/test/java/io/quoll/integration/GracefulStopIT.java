package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GracefulStopIT {
  private static final Duration STOP_MAX = Duration.ofSeconds(10);

  @Test
  void aLeaderThatIsAskedToStopHandsOverAndLosesNothing() {
    try (Ensemble ensemble = Ensemble.start("graceful-stop");
        Load load = Load.start(ensemble)) {
      for (int round = 1; round <= Form.of(2, 10); round++) {
        load.awaitMore(500);
        ServerProcess leader = ensemble.leader();
        long asked = System.nanoTime();

        int exitStatus = leader.terminate();

        assertThat(exitStatus).as(leader.output()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(STOP_MAX);
        assertThat(leader.output()).contains("Handed the leadership over to server");
        assertThat(ensemble.leader()).isNotEqualTo(leader);
        load.awaitMore(200);
        leader.start();
      }
      load.stop();
      ensemble.awaitSameDigest();
      load.requireKept(ensemble.server(1));
    }
  }
}
