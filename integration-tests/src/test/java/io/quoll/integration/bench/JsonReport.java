package io.quoll.integration.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quoll.cli.bench.Percentiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results for programs: an array with an object for each workload, and for each figure of each
 * scenario.
 */
final class JsonReport {
  private JsonReport() {}

  static String of(Results results) {
    List<Map<String, Object>> documents = new ArrayList<>();
    results.workloads().forEach(each -> documents.add(document(each)));
    results.scenarios().forEach(each -> documents.add(document(each)));
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(documents);
    } catch (JsonProcessingException notData) {
      throw new IllegalStateException(notData);
    }
  }

  private static Map<String, Object> document(Comparison comparison) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("workload", comparison.workload());
    comparison
        .summaries()
        .forEach(
            (product, summary) ->
                document.put(product.label() + "_ops", summary.operationsPerSecond()));
    comparison.ratio().ifPresent(ratio -> document.put("ratio", ratio));
    document.put("ratios", comparison.ratios());
    Target.of(comparison.workload()).ifPresent(target -> document.put("target", target.toString()));
    comparison.isTargetMet().ifPresent(met -> document.put("target_met", met));
    comparison.summaries().forEach((product, summary) -> add(document, product.label(), summary));
    return document;
  }

  private static Map<String, Object> document(FigureComparison comparison) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("workload", comparison.workload());
    document.put("figure", comparison.metric().name());
    comparison
        .rounds()
        .forEach(
            (product, rounds) -> {
              document.put(product.label(), Median.of(rounds));
              document.put(product.label() + "_rounds", rounds);
            });
    comparison.ratio().ifPresent(ratio -> document.put("ratio", ratio));
    document.put("ratios", comparison.ratios());
    comparison.metric().bound().ifPresent(bound -> document.put("target", bound.toString()));
    comparison.isTargetMet().ifPresent(met -> document.put("target_met", met));
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
    document.put(product + "_write_bytes_per_op", summary.writtenBytes());
    summary.diskBytes().ifPresent(bytes -> document.put(product + "_disk_bytes_per_op", bytes));
  }
}
