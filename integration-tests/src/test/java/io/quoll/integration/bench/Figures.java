package io.quoll.integration.bench;

import io.quoll.cli.bench.LoadResult;
import java.nio.file.Path;

/**
 * What was measured of a workload in one turn of a product.
 *
 * @param servers what the servers used meanwhile, together
 * @param serverCount how many they are
 * @param load what the process used that put the load on
 * @param histograms the file of what was measured second by second
 */
record Figures(LoadResult result, Usage servers, int serverCount, Usage load, Path histograms) {
  double operationsPerSecond() {
    return result.operationsPerSecond();
  }

  /** How much memory a server has, on average. */
  double residentBytes() {
    return (double) servers.residentBytes() / serverCount;
  }
}
