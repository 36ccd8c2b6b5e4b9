package io.quoll.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {
  private final List<String> log = new ArrayList<>();
  private final Tally tally = new Tally(log::add);
  private final ClosedLoop loop = new ClosedLoop(tally);
  private final FakeLoadSession session = new FakeLoadSession();

  @Test
  void eachAnswerBeginsTheNextRequest() {
    add("create-delete-1x1", 2);
    loop.start();

    session.answer();
    session.answer();
    session.answer();

    assertThat(session.requests)
        .containsExactly(
            "create /b/own-0",
            "create /b/own-1",
            "delete /b/own-0",
            "delete /b/own-1",
            "create /b/own-0");
    assertThat(tally.takeInterval().getTotalCount()).isEqualTo(3);
  }

  @Test
  void multisThatDeleteAreLoadAndDoNotCount() {
    add("multi-1x1", 1);
    loop.start();

    session.answer();
    session.answer();
    session.answer();

    assertThat(session.requests)
        .containsExactly("create all 10", "delete all 10", "create all 10", "delete all 10");
    assertThat(tally.takeInterval().getTotalCount()).isEqualTo(2);
  }

  @Test
  void failuresCountApartAndAreToldOnce() throws InterruptedException {
    add("set-1x1", 2);
    loop.start();

    session.fail(new IllegalStateException("no"));
    session.fail(new IllegalStateException("no"));
    loop.stop(Duration.ofSeconds(30));

    assertThat(tally.failures()).isEqualTo(2);
    assertThat(tally.takeInterval().getTotalCount()).isZero();
    assertThat(log).containsExactly("a request failed: java.lang.IllegalStateException: no");
  }

  @Test
  void stopWaitsForRequestsThatAreUnderWay() {
    add("set-1x1", 1);
    loop.start();

    assertThatThrownBy(() -> loop.stop(Duration.ofMillis(1)))
        .isInstanceOf(LoadException.class)
        .hasMessage("requests are not answered");
  }

  private void add(String workload, int slots) {
    for (int number = 0; number < slots; number++) {
      loop.add(
          session,
          0,
          RequestSequence.of(Workload.named(workload), new ZnodePaths("/b", 10), number));
    }
  }
}
