package io.quoll.cli.bench;

/**
 * What was measured.
 *
 * @param seconds for how long
 * @param operations how many requests were answered in that time
 * @param failures how many failed
 */
public record LoadResult(double seconds, long operations, long failures, Percentiles percentiles) {
  /** How many requests were answered in a second. */
  public double operationsPerSecond() {
    return operations / seconds;
  }
}
