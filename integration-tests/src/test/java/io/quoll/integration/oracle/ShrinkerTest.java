package io.quoll.integration.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  @Test
  void whatIsLeftFailsAndNothingOfItCanBeLeftOut() {
    List<Integer> failing = IntStream.range(0, 1_000).boxed().toList();

    List<Integer> smallest =
        Shrinker.shrink(failing, list -> list.containsAll(List.of(3, 500, 999)));

    assertThat(smallest).containsExactly(3, 500, 999);
  }

  @Test
  void aListThatFailsWithoutAnythingBecomesEmpty() {
    List<Integer> smallest = Shrinker.shrink(List.of(1, 2, 3), list -> true);

    assertThat(smallest).isEmpty();
  }
}
