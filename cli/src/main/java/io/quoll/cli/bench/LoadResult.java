package io.quoll.cli.bench;

/**
 * What was measured.
 *
 * @param seconds for how long
 * @param operations how many requests were answered in that time
 * @param failures how many failed
 * @param longestGapMillis for how long nothing was answered at most
 */
public record LoadResult(
    double seconds,
    long operations,
    long failures,
    double longestGapMillis,
    Percentiles percentiles) {
  /** How many requests were answered in a second. */
  public double operationsPerSecond() {
    return operations / seconds;
  }
}
