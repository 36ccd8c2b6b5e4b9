package io.quoll.integration.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quoll.cli.bench.Percentiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results for programs: an array with an object for each workload. */
final class JsonReport {
  private JsonReport() {}

  static String of(List<Comparison> comparisons) {
    try {
      return new ObjectMapper()
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(comparisons.stream().map(JsonReport::document).toList());
    } catch (JsonProcessingException notData) {
      throw new IllegalStateException(notData);
    }
  }

  private static Map<String, Object> document(Comparison comparison) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("workload", comparison.workload());
    for (Product product : Product.values()) {
      comparison
          .of(product)
          .ifPresent(
              summary -> document.put(product.label() + "_ops", summary.operationsPerSecond()));
    }
    comparison.ratio().ifPresent(ratio -> document.put("ratio", ratio));
    document.put("ratios", comparison.ratios());
    Target.of(comparison.workload())
        .ifPresent(target -> document.put("target_ratio", target.ratio()));
    comparison.isTargetMet().ifPresent(met -> document.put("target_met", met));
    comparison.summaries().forEach((product, summary) -> add(document, product.label(), summary));
    return document;
  }

  private static void add(Map<String, Object> document, String product, Summary summary) {
    Percentiles percentiles = summary.percentiles();
    document.put(product + "_p50_ms", percentiles.p50Millis());
    document.put(product + "_p99_ms", percentiles.p99Millis());
    document.put(product + "_p999_ms", percentiles.p999Millis());
    document.put(product + "_max_ms", percentiles.maxMillis());
    document.put(product + "_errors", summary.failures());
    document.put(product + "_ops_rounds", summary.rounds());
    document.put(product + "_cpu_s_per_1000_ops", summary.serverCpuSeconds());
    document.put(product + "_client_cpu_s_per_1000_ops", summary.loadCpuSeconds());
    document.put(product + "_resident_bytes", summary.residentBytes());
    document.put(product + "_disk_bytes_per_op", summary.writtenBytes());
  }
}
