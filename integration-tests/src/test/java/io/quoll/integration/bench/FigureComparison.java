package io.quoll.integration.bench;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What came of a figure of a scenario.
 *
 * @param rounds by product, round by round
 */
record FigureComparison(
    String workload, Metric metric, ImmutableMap<Product, ImmutableList<Double>> rounds) {
  /** A product's figure, which is the median of the rounds; empty if it was not measured. */
  Optional<Double> of(Product product) {
    return Optional.ofNullable(rounds.get(product)).map(Median::of);
  }

  /** Quoll's figure divided by ZooKeeper's, round by round; empty unless both were measured. */
  ImmutableList<Double> ratios() {
    if (rounds.size() < Product.values().length) {
      return ImmutableList.of();
    }
    ImmutableList<Double> quoll = Objects.requireNonNull(rounds.get(Product.QUOLL));
    ImmutableList<Double> zooKeeper = Objects.requireNonNull(rounds.get(Product.ZOOKEEPER));
    return IntStream.range(0, quoll.size())
        .mapToObj(round -> quoll.get(round) / zooKeeper.get(round))
        .collect(toImmutableList());
  }

  /** The median of the ratios. */
  Optional<Double> ratio() {
    return ratios().isEmpty() ? Optional.empty() : Optional.of(Median.of(ratios()));
  }

  /** Whether the target is met, where there is one and what it is about was measured. */
  Optional<Boolean> isTargetMet() {
    return metric.bound().flatMap(bound -> bound.isMet(of(Product.QUOLL), ratio()));
  }
}
