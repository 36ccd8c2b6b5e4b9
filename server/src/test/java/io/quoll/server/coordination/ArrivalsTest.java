package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  @Test
  void timesComeOutInTheOrderInWhichTheyWentInHoweverManyThereAre() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Arrivals arrivals = new Arrivals();
    Deque<Long> model = new ArrayDeque<>();

    for (int step = 0; step < 10_000; step++) {
      boolean grows = step % 2_000 < 1_000; // So that it fills, wraps around and empties.
      if (model.isEmpty() || random.nextInt(10) < (grows ? 7 : 3)) {
        long nanos = random.nextLong();
        arrivals.add(nanos);
        model.add(nanos);
      } else {
        assertThat(arrivals.take()).as("seed %s, step %s", seed, step).isEqualTo(model.remove());
      }
    }
  }
}
