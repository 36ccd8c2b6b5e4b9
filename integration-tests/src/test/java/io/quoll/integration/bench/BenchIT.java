package io.quoll.integration.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The benchmark itself, in short: it works, and what it prints says roughly how the products stand.
 * No figure is asserted: seconds on a busy machine say nothing for sure.
 */
class BenchIT {
  private static final Path FOLDER = Path.of("target", "bench-it").toAbsolutePath();

  @Test
  void bothProductsAnswerAllRequestsAndStandBesideEachOther() throws IOException {
    Path json = FOLDER.resolve("side-by-side.json");

    Bench.main(
        new String[] {
          "--workloads", "set-6x100,get-6x100",
          "--rounds", "1",
          "--warmup", "4",
          "--lead-in", "1",
          "--seconds", "5",
          "--heap", "256m",
          "--folder", FOLDER.toString(),
          "--json", json.toString()
        });

    JsonNode results = new ObjectMapper().readTree(json.toFile());
    assertThat(results)
        .extracting(result -> result.get("workload").asText())
        .containsExactly("set-6x100", "get-6x100");
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.get("quoll_ops").asDouble()).isPositive();
              assertThat(result.get("zookeeper_ops").asDouble()).isPositive();
              assertThat(result.get("quoll_errors").asLong()).isZero();
              assertThat(result.get("zookeeper_errors").asLong()).isZero();
              assertThat(result.get("ratio").asDouble()).isPositive();
            });
  }
}
