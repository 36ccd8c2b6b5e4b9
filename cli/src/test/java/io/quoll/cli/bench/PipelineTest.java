package io.quoll.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void asManyAreInFlightAsAllowedAndAllAreMade() throws InterruptedException {
    Deque<Completion> open = new ArrayDeque<>();
    List<Long> made = new ArrayList<>();
    List<Integer> inFlight = new ArrayList<>();

    new Pipeline(3, PATIENCE)
        .run(
            7,
            (number, completion) -> {
              made.add(number);
              open.add(completion);
              inFlight.add(open.size());
              if (open.size() == 3 || number == 6) {
                while (!open.isEmpty()) {
                  open.remove().done(null);
                }
              }
            });

    assertThat(made).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(inFlight).allMatch(count -> count <= 3).contains(3);
  }

  @Test
  void aFailureEndsIt() {
    List<Long> made = new ArrayList<>();

    assertThatThrownBy(
            () ->
                new Pipeline(1, PATIENCE)
                    .run(
                        100,
                        (number, completion) -> {
                          made.add(number);
                          completion.done(number == 2 ? new IllegalStateException("no") : null);
                        }))
        .isInstanceOf(LoadException.class)
        .hasMessage("a request failed: no");

    assertThat(made).containsExactly(0L, 1L, 2L);
  }

  @Test
  void anAnswerThatDoesNotComeEndsIt() {
    Pipeline pipeline = new Pipeline(1, Duration.ofMillis(1));

    assertThatThrownBy(() -> pipeline.run(2, (number, completion) -> {}))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("no answer within");
  }
}
