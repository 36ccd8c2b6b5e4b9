package io.quoll.integration;

import java.util.Random;

/** How long the tests run, and from which seed: system properties that README.md explains. */
public final class Form {
  private Form() {}

  /** One of two sizes: that of every build, or the one of the profile {@code long}. */
  public static int of(int usual, int atLength) {
    return Boolean.getBoolean("quoll.long") ? atLength : usual;
  }

  /** Random numbers whose seed is printed, and may be given to see a run again. */
  public static Random random(String test) {
    long seed = Long.getLong("quoll.seed", System.nanoTime());
    System.out.printf("%s: -Dquoll.seed=%d%n", test, seed);
    return new Random(seed);
  }
}
