package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.function.Predicate;

/** Finds a short list that fails as a long one does, by leaving out more and more of it. */
final class Shrinker {
  private Shrinker() {}

  /**
   * A part of {@code failing} that fails too, and of which no single element can be left out. What
   * fails only sometimes is found in a longer form.
   *
   * @param fails whether a list fails, which {@code failing} does
   */
  static <T> ImmutableList<T> shrink(List<T> failing, Predicate<List<T>> fails) {
    ImmutableList<T> smallest = ImmutableList.copyOf(failing);
    int size = Math.max(1, smallest.size() / 2);
    while (true) {
      ImmutableList<T> before = smallest;
      smallest = without(smallest, size, fails);
      if (size > 1) {
        size /= 2;
      } else if (smallest.size() == before.size()) {
        return smallest;
      }
    }
  }

  // From the end on: what comes last is most often needed least.
  private static <T> ImmutableList<T> without(
      ImmutableList<T> failing, int size, Predicate<List<T>> fails) {
    ImmutableList<T> smallest = failing;
    for (int end = smallest.size(); end > 0; end -= size) {
      int start = Math.max(0, end - size);
      ImmutableList<T> shorter =
          ImmutableList.<T>builder()
              .addAll(smallest.subList(0, start))
              .addAll(smallest.subList(Math.min(end, smallest.size()), smallest.size()))
              .build();
      if (shorter.size() < smallest.size() && fails.test(shorter)) {
        smallest = shorter;
      }
    }
    return smallest;
  }
}
