package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ApplyProgressTest {
  private static final boolean PAUSED = true;

  private final ApplyProgress progress = new ApplyProgress(0);

  @Test
  void aReplicaWithNothingToApplyIsAlive() {
    progress.look(7, 7, !PAUSED, 10);
    progress.look(7, 7, !PAUSED, 20);

    assertThat(progress.lastAliveNanos()).isEqualTo(20);
  }

  @Test
  void aReplicaThatLagsButGetsOnIsAlive() {
    progress.look(7, 100, !PAUSED, 10);
    progress.look(8, 200, !PAUSED, 20);

    assertThat(progress.lastAliveNanos()).isEqualTo(20);
  }

  @Test
  void aReplicaThatDoesNotApplyWhatIsCommittedWasLastAliveWhenItGotThere() {
    progress.look(7, 8, !PAUSED, 10);
    progress.look(7, 8, !PAUSED, 20);
    progress.look(7, 9, !PAUSED, 30);

    assertThat(progress.lastAliveNanos()).isEqualTo(10);
  }

  @Test
  void aReplicaThatGetsOnAgainIsAliveAgain() {
    progress.look(7, 8, !PAUSED, 10);
    progress.look(7, 8, !PAUSED, 20);
    progress.look(8, 8, !PAUSED, 30);

    assertThat(progress.lastAliveNanos()).isEqualTo(30);
  }

  @Test
  void aReplicaThatTakesASnapshotOverIsAliveThoughItAppliesNothing() {
    progress.look(7, 1000, PAUSED, 10);
    progress.look(7, 1000, PAUSED, 20);

    assertThat(progress.lastAliveNanos()).isEqualTo(20);
  }
}
