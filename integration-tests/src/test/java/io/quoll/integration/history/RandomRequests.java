package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import java.util.Random;

/** Requests at random for the znodes of a group. Confined to one thread. */
final class RandomRequests {
  private static final int VERSION_MAX = 4;

  private final Random random;

  RandomRequests(Random random) {
    this.random = random;
  }

  /**
   * The next request.
   *
   * @param group the parent of the znodes
   * @param value a value that nobody else writes
   */
  Call.Request next(String group, String value) {
    String x = group + "/x";
    String y = group + "/y";
    int choice = random.nextInt(100);
    if (choice < 35) {
      return one(new Part.Get(random.nextBoolean() ? x : y));
    }
    if (choice < 45) {
      return new Call.Request(ImmutableList.of(new Part.Get(x), new Part.Get(y)));
    }
    if (choice < 60) {
      return one(new Part.Set(x, value, Part.ANY_VERSION));
    }
    if (choice < 75) {
      return one(new Part.Set(y, value, random.nextInt(VERSION_MAX)));
    }
    if (choice < 85) {
      return one(new Part.Create(random.nextBoolean() ? x : y, value));
    }
    if (choice < 88) {
      return one(new Part.Delete(y, Part.ANY_VERSION));
    }
    if (choice < 91) {
      return new Call.Request(
          ImmutableList.of(
              new Part.Check(x, random.nextInt(VERSION_MAX)),
              new Part.Set(y, value + "y", Part.ANY_VERSION)));
    }
    return new Call.Request(
        ImmutableList.of(
            new Part.Set(x, value + "x", Part.ANY_VERSION),
            new Part.Set(y, value + "y", Part.ANY_VERSION)));
  }

  private static Call.Request one(Part part) {
    return new Call.Request(ImmutableList.of(part));
  }
}
