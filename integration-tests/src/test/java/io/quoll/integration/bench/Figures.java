package io.quoll.integration.bench;

import io.quoll.cli.bench.LoadResult;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What was measured of a workload in one turn of a product.
 *
 * @param servers what the servers used meanwhile, together
 * @param serverCount how many they are
 * @param load what the process used that put the load on
 * @param diskBytes what was written to the servers' disk meanwhile, if that is counted
 * @param histograms the file of what was measured second by second
 */
record Figures(
    LoadResult result,
    Usage servers,
    int serverCount,
    Usage load,
    OptionalLong diskBytes,
    Path histograms) {
  double operationsPerSecond() {
    return result.operationsPerSecond();
  }

  /** How much memory a server has, on average. */
  double residentBytes() {
    return (double) servers.residentBytes() / serverCount;
  }
}
