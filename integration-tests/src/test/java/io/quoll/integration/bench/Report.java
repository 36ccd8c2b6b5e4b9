package io.quoll.integration.bench;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.bench.Percentiles;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The results for people, in Markdown. */
final class Report {
  private static final double MEGA = 1024 * 1024;
  private static final String NONE = "-";

  private Report() {}

  /** What clients see, what it costs, and what came of scenarios; what there is of them. */
  static String of(Results results) {
    String workloads =
        results.workloads().isEmpty()
            ? ""
            : speed(results.workloads()) + "\n" + costs(results.workloads()) + "\n";
    return results.scenarios().isEmpty() ? workloads : workloads + scenarios(results.scenarios());
  }

  private static String scenarios(List<FigureComparison> comparisons) {
    MarkdownTable table =
        new MarkdownTable(
            "scenario", "figure", "Quoll", "ZooKeeper", "ratio", "pair by pair", "target", "met");
    for (FigureComparison each : comparisons) {
      table.row(
          each.workload(),
          each.metric().name(),
          each.of(Product.QUOLL).map(Report::number).orElse(NONE),
          each.of(Product.ZOOKEEPER).map(Report::number).orElse(NONE),
          each.ratio().map(Report::ratio).orElse(NONE),
          each.ratios().stream().map(Report::ratio).collect(joining(" ")),
          each.metric().bound().map(Bound::toString).orElse(NONE),
          each.isTargetMet().map(Report::answer).orElse(NONE));
    }
    return table.toString();
  }

  private static String number(double figure) {
    return format(Math.abs(figure) < 100 ? "%.2f" : "%,.0f", figure);
  }

  private static String answer(boolean met) {
    return met ? "yes" : "NO";
  }

  private static String speed(List<Comparison> comparisons) {
    MarkdownTable table =
        new MarkdownTable(
            "workload",
            "Quoll ops/s",
            "ZooKeeper ops/s",
            "ratio",
            "pair by pair",
            "target",
            "met",
            "Quoll p50 / p99 / p99.9 / max ms",
            "ZooKeeper p50 / p99 / p99.9 / max ms",
            "errors");
    for (Comparison each : comparisons) {
      table.row(
          each.workload(),
          figure(each, Product.QUOLL, Report::operations),
          figure(each, Product.ZOOKEEPER, Report::operations),
          each.ratio().map(Report::ratio).orElse(NONE),
          each.ratios().stream().map(Report::ratio).collect(joining(" ")),
          Target.of(each.workload()).map(Target::toString).orElse(NONE),
          each.isTargetMet().map(Report::answer).orElse(NONE),
          figure(each, Product.QUOLL, summary -> millis(summary.percentiles())),
          figure(each, Product.ZOOKEEPER, summary -> millis(summary.percentiles())),
          pair(each, summary -> Long.toString(summary.failures())));
    }
    return table.toString();
  }

  private static String costs(List<Comparison> comparisons) {
    MarkdownTable table =
        new MarkdownTable(
            "Quoll / ZooKeeper",
            "server CPU s per 1 000 ops",
            "client CPU s per 1 000 ops",
            "resident MiB a server",
            "bytes written to the disk an op",
            "`write_bytes` an op, all servers");
    for (Comparison each : comparisons) {
      table.row(
          each.workload(),
          pair(each, summary -> format("%.3f", summary.serverCpuSeconds())),
          pair(each, summary -> format("%.3f", summary.loadCpuSeconds())),
          pair(each, summary -> format("%.0f", summary.residentBytes() / MEGA)),
          pair(each, summary -> bytes(summary.diskBytes())),
          pair(each, summary -> bytes(OptionalDouble.of(summary.writtenBytes()))));
    }
    return table.toString();
  }

  private static String pair(Comparison comparison, Function<Summary, String> figure) {
    return ImmutableList.of(Product.QUOLL, Product.ZOOKEEPER).stream()
        .map(product -> figure(comparison, product, figure))
        .collect(joining(" / "));
  }

  private static String figure(
      Comparison comparison, Product product, Function<Summary, String> figure) {
    Optional<Summary> summary = comparison.of(product);
    return summary.map(figure).orElse(NONE);
  }

  private static String operations(Summary summary) {
    return format("%,.0f", summary.operationsPerSecond());
  }

  private static String bytes(OptionalDouble bytes) {
    return bytes.isPresent() ? format("%,.0f", bytes.getAsDouble()) : NONE;
  }

  private static String ratio(double ratio) {
    return format("%.2f", ratio);
  }

  private static String millis(Percentiles percentiles) {
    return format(
        "%.2f / %.2f / %.2f / %.1f",
        percentiles.p50Millis(),
        percentiles.p99Millis(),
        percentiles.p999Millis(),
        percentiles.maxMillis());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
