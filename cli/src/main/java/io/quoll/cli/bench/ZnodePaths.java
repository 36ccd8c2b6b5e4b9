package io.quoll.cli.bench;

import java.util.SplittableRandom;

/** The paths that a load is about. Thread-safe. */
final class ZnodePaths {
  private final String base;
  private final String[] common;

  /** Paths below {@code base}, of which {@code znodes} are there for all. */
  ZnodePaths(String base, int znodes) {
    this.base = base;
    this.common = new String[znodes];
    for (int i = 0; i < znodes; i++) {
      common[i] = base + "/" + i;
    }
  }

  String base() {
    return base;
  }

  /** One of those that are there for all. */
  String common(int number) {
    return common[number];
  }

  /** One of those that are there for all, each as likely as the others. */
  String any(SplittableRandom random) {
    return common[random.nextInt(common.length)];
  }

  /** A path that belongs to one sequence of requests, and is no other's beginning. */
  String own(int sequence) {
    return base + "/own-" + sequence;
  }
}
