package io.quoll.integration.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks hold on histories that are as they should be, and fail on those that are not. */
class MutationTest {
  private static final int CALLS = 400;

  @ParameterizedTest
  @EnumSource(Check.class)
  void aFaultlessHistoryIsTakenForOne(Check check) {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(check.violations(SimulatedRun.of(seed, CALLS))).as("seed %d", seed).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyMutationIsCaughtByTheCheckThatIsThereForIt(long seed) {
    MutationTable table = MutationTable.of(SimulatedRun.of(seed, CALLS), new Random(seed));

    assertThat(table.caught().keySet()).containsExactlyInAnyOrder(Mutation.values());
    assertThat(table.escaped()).as(table.markdown()).isEmpty();
  }
}
