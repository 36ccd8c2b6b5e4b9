package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;
import java.util.Locale;
import java.util.Optional;

/**
 * What a workload is to come to.
 *
 * @param ratio of Quoll's requests a second to ZooKeeper's, at least
 * @param p99NotHigher whether Quoll's 99th percentile must not be higher than ZooKeeper's
 */
record Target(double ratio, boolean p99NotHigher) {
  private static final ImmutableMap<String, Target> ALL =
      ImmutableMap.<String, Target>builder()
          .put("set-6x100", new Target(5.0, false))
          .put("set-6x1", new Target(1.0, true))
          .put("set-1x1", new Target(1.0, false))
          .put("get-6x100", new Target(10.0, false))
          .put("get-6x1", new Target(1.2, true))
          .put("mixed-6x100", new Target(6.0, false))
          .put("create-delete-6x100", new Target(4.0, false))
          .put("set-1k-6x20", new Target(3.0, false))
          .put("set-64k-6x20", new Target(1.0, false))
          .put("multi-6x20", new Target(3.0, false))
          .buildOrThrow();

  /** The workloads that have a target, in the order in which they are measured. */
  static ImmutableMap<String, Target> all() {
    return ALL;
  }

  /** The target of a workload, if it has one. */
  static Optional<Target> of(String workload) {
    return Optional.ofNullable(ALL.get(workload));
  }

  /** Whether figures come to it. */
  boolean isMet(double measuredRatio, Summary quoll, Summary zooKeeper) {
    return measuredRatio >= ratio
        && (!p99NotHigher
            || quoll.percentiles().p99Millis() <= zooKeeper.percentiles().p99Millis());
  }

  @Override
  public String toString() {
    String least = String.format(Locale.ROOT, "≥ %.1f", ratio);
    return p99NotHigher ? least + ", p99 not higher" : least;
  }
}
