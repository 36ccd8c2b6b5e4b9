package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;

/** What is measured of a product with an ensemble of its own, in a way of its own. */
interface Scenario {
  /** What it is called on the command line. */
  String name();

  /** Whether it is one for that product. */
  default boolean isFor(Product product) {
    return true;
  }

  /** Runs it once, and tells the figures. */
  ImmutableMap<Metric, Double> run(Stage stage);
}
