package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void aValueCountsUpToTheFirstBoundThatIsNotLess() {
    Histogram histogram = Histogram.ofCounts();

    histogram.record(0);
    histogram.record(1);
    histogram.record(2);
    histogram.record(3);
    histogram.record(1_000_000);

    Histogram.Snapshot snapshot = histogram.snapshot();
    assertThat(snapshot.counts().asList().subList(0, 3)).containsExactly(2L, 1L, 1L);
    assertThat(snapshot.counts().get(histogram.bounds().length())).isEqualTo(1);
    assertThat(snapshot.count()).isEqualTo(5);
    assertThat(snapshot.sum()).isEqualTo(1_000_006);
    assertThat(snapshot.least()).isZero();
    assertThat(snapshot.greatest()).isEqualTo(1_000_000);
  }

  @Test
  void timesAreToldInSecondsFrom50MicrosecondsToTen() {
    Histogram histogram = Histogram.ofTimes();

    histogram.record(TimeUnit.MILLISECONDS.toNanos(3));

    assertThat(histogram.bounds().get(0) * histogram.unit()).isEqualTo(50e-6);
    assertThat(histogram.bounds().get(histogram.bounds().length() - 1) * histogram.unit())
        .isEqualTo(10.0);
    assertThat(histogram.snapshot().sum() * histogram.unit()).isEqualTo(0.003);
  }

  @Test
  void anEmptyOneTellsZeros() {
    Histogram.Snapshot snapshot = Histogram.ofTimes().snapshot();

    assertThat(snapshot.count()).isZero();
    assertThat(snapshot.least()).isZero();
    assertThat(snapshot.greatest()).isZero();
  }
}
