package io.quoll.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a workload is run.
 *
 * @param base the path of a znode that is created for the load and deleted after it
 * @param tree what becomes of the znodes
 * @param roams whether sessions go to other servers when they lose their own
 * @param leadIn how long the load is on before it is measured
 * @param measured how long it is measured
 * @param rate how many requests a second begin, whether or not earlier ones are answered; 0 for as
 *     many as are answered
 * @param histograms where to write what was measured second by second
 */
public record LoadPlan(
    String base,
    TreeUse tree,
    boolean roams,
    Duration leadIn,
    Duration measured,
    double rate,
    Optional<Path> histograms) {
  /** What becomes of the znodes of a load. */
  public enum TreeUse {
    /** They are created before it and deleted after it. */
    PASSING,
    /** They are created before it, and stay. */
    LEFT,
    /** They are there, and stay. */
    FOUND
  }

  /** Whether requests begin at a rate, not when others are answered. */
  boolean isOpen() {
    return rate > 0;
  }
}
