package io.quoll.cli.bench;

import com.google.common.collect.ImmutableList;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The paths that a load is about. So many as may be children of one parent are; of more, each
 * thousand has a parent of its own.
 *
 * <p>Thread-safe.
 */
final class ZnodePaths {
  /** As many children as ZooKeeper's clients can list. */
  static final int CHILDREN_MAX = 100_000;

  private static final int PARENT_CHILDREN = 1_000;

  private final String base;
  private final String[] common;

  /** Paths below {@code base}, of which {@code znodes} are there for all. */
  ZnodePaths(String base, int znodes) {
    this.base = base;
    this.common = new String[znodes];
    for (int i = 0; i < znodes; i++) {
      common[i] =
          znodes <= CHILDREN_MAX
              ? base + "/" + i
              : base + "/" + i / PARENT_CHILDREN + "/" + i % PARENT_CHILDREN;
    }
  }

  /** The parents of all, each before those below it. */
  ImmutableList<String> parents() {
    ImmutableList.Builder<String> parents = ImmutableList.<String>builder().add(base);
    if (common.length > CHILDREN_MAX) {
      int last = (common.length - 1) / PARENT_CHILDREN;
      IntStream.rangeClosed(0, last).forEach(i -> parents.add(base + "/" + i));
    }
    return parents.build();
  }

  /** Those that are there for all, from a number on, {@code most} of them if there are as many. */
  ImmutableList<String> common(long first, int most) {
    int end = (int) Math.min(common.length, first + most);
    return IntStream.range((int) first, end)
        .mapToObj(i -> common[i])
        .collect(ImmutableList.toImmutableList());
  }

  /** One of those that are there for all, each as likely as the others. */
  String any(SplittableRandom random) {
    return common[random.nextInt(common.length)];
  }

  /** A path that belongs to one sequence of requests, and is no other's beginning. */
  String own(int sequence) {
    return base + "/own-" + sequence;
  }

  int count() {
    return common.length;
  }
}
