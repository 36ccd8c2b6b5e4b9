package io.quoll.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SlotTest {
  private final Tally tally = new Tally(line -> {});
  private final FakeLoadSession session = new FakeLoadSession();

  /** What a late start held up is not left out: coordinated omission. */
  @Test
  void timeCountsFromWhenTheRequestOughtToHaveBegun() {
    Slot slot =
        new Slot(
            session,
            0,
            RequestSequence.of(Workload.named("get-1x1"), new ZnodePaths("/b", 1), 0),
            tally,
            answered -> {},
            failed -> {});

    slot.start(System.nanoTime() - TimeUnit.SECONDS.toNanos(2));
    session.answer();

    Histogram times = tally.takeInterval();
    assertThat(times.getTotalCount()).isEqualTo(1);
    assertThat(Percentiles.of(times).p50Millis()).isGreaterThan(1_990);
  }
}
