package io.quoll.integration.bench;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What came of a workload with each product that was measured.
 *
 * @param summaries by product
 */
record Comparison(String workload, ImmutableMap<Product, Summary> summaries) {
  Optional<Summary> of(Product product) {
    return Optional.ofNullable(summaries.get(product));
  }

  /** Quoll's requests a second to ZooKeeper's, round by round; empty unless both were measured. */
  ImmutableList<Double> ratios() {
    if (summaries.size() < Product.values().length) {
      return ImmutableList.of();
    }
    ImmutableList<Double> quoll = of(Product.QUOLL).orElseThrow().rounds();
    ImmutableList<Double> zooKeeper = of(Product.ZOOKEEPER).orElseThrow().rounds();
    return IntStream.range(0, quoll.size())
        .mapToObj(round -> quoll.get(round) / zooKeeper.get(round))
        .collect(toImmutableList());
  }

  /** The median of the ratios. */
  Optional<Double> ratio() {
    return ratios().isEmpty() ? Optional.empty() : Optional.of(Median.of(ratios()));
  }

  /** Whether the target is met, where there is one and both products were measured. */
  Optional<Boolean> isTargetMet() {
    return Target.of(workload)
        .flatMap(
            target ->
                ratio()
                    .map(
                        measured ->
                            target.isMet(
                                measured,
                                of(Product.QUOLL).orElseThrow(),
                                of(Product.ZOOKEEPER).orElseThrow())));
  }
}
