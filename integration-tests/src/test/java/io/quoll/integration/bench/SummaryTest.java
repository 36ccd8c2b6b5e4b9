package io.quoll.integration.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quoll.cli.bench.LoadResult;
import io.quoll.cli.bench.Percentiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
  @TempDir Path folder;

  @Test
  void percentilesAreThoseOfAllRequestsAndNoMeans() throws IOException {
    Figures fast = figures("fast", 990, 1_000, 10, 4_000);
    Figures slow = figures("slow", 10, 100_000, 20, 6_000);

    Summary summary = Summary.of(List.of(fast, slow));

    assertThat(summary.percentiles().p50Millis()).isCloseTo(1, within(0.01));
    assertThat(summary.percentiles().p99Millis()).isCloseTo(1, within(0.01));
    assertThat(summary.percentiles().p999Millis()).isCloseTo(100, within(0.1));
  }

  @Test
  void costsAreThoseOfAllRequests() throws IOException {
    Figures one = figures("one", 600, 1_000, 10, 4_000);
    Figures other = figures("other", 400, 1_000, 20, 6_000);

    Summary summary = Summary.of(List.of(one, other));

    assertThat(summary.rounds()).containsExactly(60.0, 40.0);
    assertThat(summary.operationsPerSecond()).isEqualTo(50);
    assertThat(summary.serverCpuSeconds()).isEqualTo(30);
    assertThat(summary.writtenBytes()).isEqualTo(10);
    assertThat(summary.diskBytes()).hasValue(20);
    assertThat(summary.residentBytes()).isEqualTo(50);
    assertThat(summary.failures()).isEqualTo(2);
  }

  @Test
  void diskBytesAreUnknownUnlessTheyWereCountedInAllRounds() throws IOException {
    Figures counted = figures("counted", 600, 1_000, 10, 4_000);
    Figures uncounted =
        new Figures(
            counted.result(),
            counted.servers(),
            3,
            counted.load(),
            OptionalLong.empty(),
            counted.histograms());

    Summary summary = Summary.of(List.of(counted, uncounted));

    assertThat(summary.diskBytes()).isEmpty();
  }

  private Figures figures(String name, int count, long micros, double cpu, long written)
      throws IOException {
    Path file = folder.resolve(name + ".hlog");
    try (OutputStream stream = Files.newOutputStream(file)) {
      Histogram histogram = new Histogram(3);
      histogram.recordValueWithCount(micros, count);
      HistogramLogWriter writer = new HistogramLogWriter(new PrintStream(stream));
      writer.outputLegend();
      writer.outputIntervalHistogram(histogram);
    }
    LoadResult result = new LoadResult(10, count, 1, 0, new Percentiles(0, 0, 0, 0));
    return new Figures(
        result,
        new Usage(cpu, 150, written),
        3,
        new Usage(0, 0, 0),
        OptionalLong.of(2 * written),
        file);
  }
}
