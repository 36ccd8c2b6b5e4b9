package io.quoll.integration.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.Percentiles;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReportTest {
  @Test
  void targetStandsBesideTheRatio() {
    Results results =
        new Results(
            ImmutableList.of(
                new Comparison(
                    "set-6x100",
                    ImmutableMap.of(
                        Product.QUOLL, summary(45_000), Product.ZOOKEEPER, summary(9_000)))),
            ImmutableList.of(
                new FigureComparison(
                    "load-1m",
                    Metric.of("restart_s", Bound.ratioAtMost(0.1)),
                    ImmutableMap.of(
                        Product.QUOLL,
                        ImmutableList.of(3.0),
                        Product.ZOOKEEPER,
                        ImmutableList.of(24.0)))));

    assertThat(Report.of(results))
        .contains(
            "| set-6x100 |      45,000 |           9,000 |  5.00 |         5.00 |  ≥ 5.0 | yes |")
        .contains(
            "| load-1m  | restart_s |  3.00 |     24.00 |  0.13 |         0.13 | ratio ≤ 0.1 |  NO |");
    assertThat(JsonReport.of(results))
        .contains("\"quoll_ops\" : 45000.0", "\"zookeeper_ops\" : 9000.0", "\"ratio\" : 5.0")
        .contains("\"quoll_p99_ms\" : 2.0", "\"figure\" : \"restart_s\"", "\"quoll\" : 3.0");
  }

  @Test
  void whatWasNotMeasuredIsLeftOpen() {
    Results results =
        new Results(
            ImmutableList.of(
                new Comparison("get-1x1", ImmutableMap.of(Product.QUOLL, summary(10)))),
            ImmutableList.of());

    assertThat(Report.of(results)).contains("| get-1x1  |          10 |               - |     - |");
    assertThat(JsonReport.of(results)).doesNotContain("zookeeper", "\"ratio\"");
  }

  @Test
  void bytesOfTheDiskStandBesideThoseOfTheProcessesWhereTheyAreCounted() {
    Results results =
        new Results(
            ImmutableList.of(
                new Comparison(
                    "set-1x1",
                    ImmutableMap.of(
                        Product.QUOLL, summary(10, OptionalDouble.of(4_096)),
                        Product.ZOOKEEPER, summary(10, OptionalDouble.empty())))),
            ImmutableList.of());

    assertThat(Report.of(results)).containsPattern("\\| +4,096 / - +\\| +500 / 500 +\\|");
    assertThat(JsonReport.of(results))
        .contains(
            "\"quoll_disk_bytes_per_op\" : 4096.0", "\"zookeeper_write_bytes_per_op\" : 500.0")
        .doesNotContain("zookeeper_disk_bytes_per_op");
  }

  private static Summary summary(double operations) {
    return summary(operations, OptionalDouble.empty());
  }

  private static Summary summary(double operations, OptionalDouble diskBytes) {
    return new Summary(
        operations,
        ImmutableList.of(operations),
        new Percentiles(1, 2, 3, 4),
        0,
        0.1,
        0.2,
        1024 * 1024,
        500,
        diskBytes);
  }
}
