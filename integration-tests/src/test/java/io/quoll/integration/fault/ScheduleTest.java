package io.quoll.integration.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final ImmutableList<Fault> ALL = ImmutableList.copyOf(Fault.values());

  private static List<Step> steps(long seed) {
    return Stream.generate(new Schedule(seed, 5, ALL)::next).limit(200).toList();
  }

  @Test
  void theSameSeedMakesTheSameSteps() {
    assertThat(steps(7)).isEqualTo(steps(7)).isNotEqualTo(steps(8));
  }

  @Test
  void eachRoundHasEachFaultOnce() {
    List<Step> round = steps(1).subList(0, ALL.size());

    assertThat(round.stream().map(Step::fault)).containsExactlyInAnyOrderElementsOf(ALL);
  }

  @Test
  void someStepsWaitForABadMomentAndMostHitTheLeader() {
    List<Step> steps = steps(1);

    assertThat(steps.stream().map(Step::moment)).contains(Moment.values());
    assertThat(steps.stream().filter(Step::atLeader)).hasSizeGreaterThan(100);
  }

  @Test
  void theNumberOfAServerIsOneThatThereIs() {
    assertThat(steps(1).stream().map(Step::server)).contains(1, 2, 3, 4, 5).allMatch(n -> n <= 5);
  }
}
