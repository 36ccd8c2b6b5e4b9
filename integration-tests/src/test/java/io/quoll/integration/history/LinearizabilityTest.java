package io.quoll.integration.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The search, on a register of a number whose histories people can judge. */
class LinearizabilityTest {
  private static final int UNKNOWN = -1;

  /** Writes a number, or reads it if there is none to write. */
  private static final Model<Integer, Optional<Integer>, Integer> REGISTER =
      new Model<>() {
        @Override
        public Integer initial() {
          return 0;
        }

        @Override
        public Optional<Integer> step(
            Integer state, Optional<Integer> input, @Nullable Integer output) {
          if (input.isPresent()) {
            return input;
          }
          return output == null || output.equals(state) ? Optional.of(state) : Optional.empty();
        }
      };

  @Test
  void nothingIsLinearizable() {
    assertThat(holds()).isTrue();
  }

  @Test
  void aReadSeesTheWriteThatEndedBeforeIt() {
    assertThat(holds(write(1, 2, 5), read(3, 4, 5))).isTrue();
    assertThat(holds(write(1, 2, 5), read(3, 4, 0))).isFalse();
  }

  @Test
  void aReadSeesAConcurrentWriteOrNot() {
    assertThat(holds(write(1, 4, 5), read(2, 3, 5))).isTrue();
    assertThat(holds(write(1, 4, 5), read(2, 3, 0))).isTrue();
    assertThat(holds(write(1, 4, 5), read(2, 3, 7))).isFalse();
  }

  @Test
  void twoReadsDoNotSeeAConcurrentWriteComeAndGo() {
    assertThat(holds(write(1, 8, 5), read(2, 3, 0), read(4, 5, 5))).isTrue();
    assertThat(holds(write(1, 8, 5), read(2, 3, 5), read(4, 5, 0))).isFalse();
  }

  @Test
  void aWriteWithoutAnAnswerMayHappenLateOrNever() {
    assertThat(holds(lostWrite(1, 5), read(2, 3, 0), read(4, 5, 0))).isTrue();
    assertThat(holds(lostWrite(1, 5), read(2, 3, 0), read(4, 5, 5))).isTrue();
    assertThat(holds(lostWrite(1, 5), read(2, 3, 5), read(4, 5, 0))).isFalse();
  }

  @Test
  void aWriteWithoutAnAnswerDoesNotHappenBeforeItBegins() {
    assertThat(holds(read(1, 2, 5), lostWrite(3, 5))).isFalse();
  }

  @Test
  void theOrderOfConcurrentWritesIsTheSameForAllReaders() {
    Timed<Optional<Integer>, Integer> five = write(1, 2, 5);
    Timed<Optional<Integer>, Integer> six = write(1, 2, 6);

    assertThat(holds(five, six, read(3, 4, 5), read(3, 4, 5))).isTrue();
    assertThat(holds(five, six, read(3, 4, 5), read(3, 4, 6))).isFalse();
  }

  @Test
  void historiesOfARealRegisterAreLinearizableAndOneStaleReadIsFound() {
    Random random = new Random(1);
    for (int round = 0; round < 50; round++) {
      List<Timed<Optional<Integer>, Integer>> calls = random(random, 200);
      assertThat(Linearizability.holds(REGISTER, calls)).isTrue();

      calls.add(write(10_000, 10_001, 1_000_000));
      calls.add(read(10_002, 10_003, 999_999));
      assertThat(Linearizability.holds(REGISTER, calls)).isFalse();
    }
  }

  // Each call takes effect at a time of its own, around which it begins and ends.
  private static List<Timed<Optional<Integer>, Integer>> random(Random random, int count) {
    List<Timed<Optional<Integer>, Integer>> calls = new ArrayList<>();
    int value = 0;
    for (int i = 0; i < count; i++) {
      long time = 20L * i + 100;
      long begin = time - random.nextInt(90);
      long end = time + random.nextInt(90);
      if (random.nextBoolean()) {
        value = i + 1;
        calls.add(write(begin, end, value));
      } else {
        calls.add(read(begin, end, value));
      }
    }
    return calls;
  }

  @SafeVarargs
  private static boolean holds(Timed<Optional<Integer>, Integer>... calls) {
    return Linearizability.holds(REGISTER, List.of(calls));
  }

  private static Timed<Optional<Integer>, Integer> write(long begin, long end, int value) {
    return new Timed<>(begin, end, Optional.of(value), UNKNOWN);
  }

  private static Timed<Optional<Integer>, Integer> lostWrite(long begin, int value) {
    return new Timed<>(begin, Timed.NEVER, Optional.of(value), null);
  }

  private static Timed<Optional<Integer>, Integer> read(long begin, long end, int value) {
    return new Timed<>(begin, end, Optional.empty(), value);
  }
}
