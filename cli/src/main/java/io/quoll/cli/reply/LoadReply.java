package io.quoll.cli.reply;

import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.LoadResult;
import io.quoll.cli.bench.Percentiles;
import java.util.Locale;
import java.util.Map;

/** What was measured of a workload. */
public record LoadReply(String workload, LoadResult result) implements Reply {
  @Override
  public void print(Output output) {
    Percentiles percentiles = result.percentiles();
    output.line(
        text(
            "%s: %,.0f requests/s, %,d in %.1f s, %,d failed",
            workload,
            result.operationsPerSecond(),
            result.operations(),
            result.seconds(),
            result.failures()));
    output.line(
        text(
            "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.1f ms; longest without an answer %.0f ms",
            percentiles.p50Millis(),
            percentiles.p99Millis(),
            percentiles.p999Millis(),
            percentiles.maxMillis(),
            result.longestGapMillis()));
  }

  private static String text(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  @Override
  public Map<String, Object> json() {
    Percentiles percentiles = result.percentiles();
    return ImmutableMap.<String, Object>builder()
        .put("workload", workload)
        .put("requestsPerSecond", result.operationsPerSecond())
        .put("requests", result.operations())
        .put("seconds", result.seconds())
        .put("failed", result.failures())
        .put("p50Millis", percentiles.p50Millis())
        .put("p99Millis", percentiles.p99Millis())
        .put("p999Millis", percentiles.p999Millis())
        .put("maxMillis", percentiles.maxMillis())
        .put("longestGapMillis", result.longestGapMillis())
        .buildOrThrow();
  }
}
