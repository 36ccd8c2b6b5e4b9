package io.quoll.integration.bench;

import com.google.errorprone.annotations.Immutable;
import java.util.Optional;

/**
 * A figure of a scenario.
 *
 * @param name with its unit last
 */
@Immutable
@SuppressWarnings("Immutable") // An Optional of what is immutable.
record Metric(String name, Optional<Bound> bound) {
  /** A figure that has no target. */
  static Metric of(String name) {
    return new Metric(name, Optional.empty());
  }

  /** A figure that has one. */
  static Metric of(String name, Bound bound) {
    return new Metric(name, Optional.of(bound));
  }
}
