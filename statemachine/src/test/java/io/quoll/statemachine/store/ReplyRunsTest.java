package io.quoll.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReplyRunsTest {
  private final ReplyRuns runs = new ReplyRuns();

  @Test
  void aRunGoesOnceAllOfItsRepliesNeedNotBeKept() {
    runs.add(7, 1, 3);
    runs.add(7, 4, 4);
    runs.add(7, 5, 9);

    assertThat(droppedBefore(7, 3)).isEmpty();
    assertThat(droppedBefore(7, 5)).containsExactly(1L, 4L);
    assertThat(droppedBefore(7, 9)).isEmpty();
    assertThat(droppedBefore(7, 10)).containsExactly(5L);
  }

  @Test
  void aRunIsDroppedOnce() {
    runs.add(7, 1, 3);

    assertThat(droppedBefore(7, 4)).containsExactly(1L);
    assertThat(droppedBefore(7, 5)).isEmpty();
  }

  @Test
  void aSessionThatGoesLosesAllOfItsRunsAndNoOthers() {
    runs.add(7, 1, 3);
    runs.add(7, 4, 4);
    runs.add(8, 2, 2);

    assertThat(droppedAll(7)).containsExactly(1L, 4L);
    assertThat(droppedAll(7)).isEmpty();
    assertThat(droppedAll(8)).containsExactly(2L);
  }

  private List<Long> droppedBefore(long sessionId, long firstKeptCxid) {
    List<Long> dropped = new ArrayList<>();
    runs.dropBefore(sessionId, firstKeptCxid, dropped::add);
    return dropped;
  }

  private List<Long> droppedAll(long sessionId) {
    List<Long> dropped = new ArrayList<>();
    runs.dropAll(sessionId, dropped::add);
    return dropped;
  }
}
