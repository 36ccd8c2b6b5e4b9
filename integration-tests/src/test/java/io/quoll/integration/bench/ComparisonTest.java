package io.quoll.integration.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import io.quoll.cli.bench.Percentiles;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  @Test
  void ratioIsTheMedianOfTheRatiosOfThePairs() {
    Comparison comparison =
        comparison("set-6x100", summary(1, 100, 600, 500), summary(1, 50, 100, 250));

    assertThat(comparison.ratios()).containsExactly(2.0, 6.0, 2.0);
    assertThat(comparison.ratio()).contains(2.0);
    assertThat(comparison.isTargetMet()).contains(false);
  }

  @Test
  void targetMayAskForTheLowerPercentileToo() {
    assertThat(comparison("set-6x1", summary(1, 10), summary(2, 10)).isTargetMet()).contains(true);
    assertThat(comparison("set-6x1", summary(3, 10), summary(2, 10)).isTargetMet()).contains(false);
    assertThat(comparison("set-1x1", summary(3, 10), summary(2, 10)).isTargetMet()).contains(true);
  }

  @Test
  void oneProductAloneHasNoRatio() {
    Comparison comparison =
        new Comparison("set-6x100", ImmutableMap.of(Product.QUOLL, summary(1, 10)));

    assertThat(comparison.ratios()).isEmpty();
    assertThat(comparison.isTargetMet()).isEmpty();
  }

  @Test
  void figureMayBeBoundedByItselfOrByTheRatio() {
    Bound ratio = Bound.ratioAtMost(0.5);
    Bound quoll = Bound.quollAtMost(1.2);

    assertThat(ratio.isMet(Optional.of(9.0), Optional.of(0.5))).contains(true);
    assertThat(ratio.isMet(Optional.of(9.0), Optional.of(0.6))).contains(false);
    assertThat(ratio.isMet(Optional.of(9.0), Optional.empty())).isEmpty();
    assertThat(quoll.isMet(Optional.of(1.3), Optional.of(0.1))).contains(false);
    assertThat(Bound.ratioAtLeast(4).isMet(Optional.of(1.0), Optional.of(4.0))).contains(true);
  }

  private static Comparison comparison(String workload, Summary quoll, Summary zooKeeper) {
    return new Comparison(
        workload, ImmutableMap.of(Product.QUOLL, quoll, Product.ZOOKEEPER, zooKeeper));
  }

  private static Summary summary(double p99Millis, double... rounds) {
    ImmutableList<Double> all = ImmutableList.copyOf(Doubles.asList(rounds));
    return new Summary(
        Median.of(all),
        all,
        new Percentiles(0, p99Millis, 0, 0),
        0,
        0,
        0,
        0,
        0,
        OptionalDouble.empty());
  }
}
