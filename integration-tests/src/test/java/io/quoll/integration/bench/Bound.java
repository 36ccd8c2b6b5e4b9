package io.quoll.integration.bench;

import com.google.errorprone.annotations.Immutable;
import java.util.Locale;
import java.util.Optional;

/** What a figure is to come to. */
@Immutable
record Bound(Of of, boolean isLeast, double value) {
  /** What is bounded. */
  enum Of {
    /** Quoll's figure divided by ZooKeeper's. */
    RATIO,
    /** Quoll's figure itself. */
    QUOLL
  }

  /** A ratio of so much or more. */
  static Bound ratioAtLeast(double least) {
    return new Bound(Of.RATIO, true, least);
  }

  /** A ratio of so much or less. */
  static Bound ratioAtMost(double most) {
    return new Bound(Of.RATIO, false, most);
  }

  /** A figure of Quoll's of so much or less. */
  static Bound quollAtMost(double most) {
    return new Bound(Of.QUOLL, false, most);
  }

  /** Whether it is met; empty if what is bounded was not measured. */
  Optional<Boolean> isMet(Optional<Double> quoll, Optional<Double> ratio) {
    Optional<Double> figure = of == Of.RATIO ? ratio : quoll;
    return figure.map(measured -> isLeast ? measured >= value : measured <= value);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %s %s",
        of == Of.RATIO ? "ratio" : "Quoll",
        isLeast ? "≥" : "≤",
        value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value));
  }
}
