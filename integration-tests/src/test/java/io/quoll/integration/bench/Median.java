package io.quoll.integration.bench;

import com.google.common.math.Quantiles;
import java.util.Collection;

/** The middle of some values. */
final class Median {
  private Median() {}

  /** The median of at least one value; of an even number the mean of the two in the middle. */
  static double of(Collection<Double> values) {
    return Quantiles.median().compute(values);
  }
}
