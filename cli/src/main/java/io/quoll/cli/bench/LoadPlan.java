package io.quoll.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a workload is run.
 *
 * @param base the path of a znode that is created for the load and deleted after it
 * @param leadIn how long the load is on before it is measured
 * @param measured how long it is measured
 * @param rate how many requests a second begin, whether or not earlier ones are answered; 0 for as
 *     many as are answered
 * @param histograms where to write what was measured second by second
 */
public record LoadPlan(
    String base, Duration leadIn, Duration measured, double rate, Optional<Path> histograms) {
  /** Whether requests begin at a rate, not when others are answered. */
  boolean isOpen() {
    return rate > 0;
  }
}
