package io.quoll.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistogramFileTest {
  @TempDir Path folder;

  @Test
  void sumHoldsAllThatWasAdded() {
    Path path = folder.resolve("a.hlog");
    try (HistogramFile file = new HistogramFile(path, "test")) {
      file.add(histogram(1_000, 99));
      file.add(histogram(50_000, 1));
    }

    Histogram sum = HistogramFile.sumOf(path);

    assertThat(sum.getTotalCount()).isEqualTo(100);
    assertThat(Percentiles.of(sum).p50Millis()).isBetween(0.99, 1.01);
    assertThat(Percentiles.of(sum).p99Millis()).isBetween(0.99, 1.01);
    assertThat(Percentiles.of(sum).maxMillis()).isBetween(49.9, 50.1);
  }

  private static Histogram histogram(long micros, int count) {
    Histogram histogram = Latencies.histogram();
    histogram.recordValueWithCount(micros, count);
    return histogram;
  }
}
