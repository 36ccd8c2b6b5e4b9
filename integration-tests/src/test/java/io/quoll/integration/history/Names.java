package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Whether sequential names are given once, and in the order of the calls that they were given to.
 */
final class Names {
  private Names() {}

  static ImmutableList<String> violations(History history) {
    ImmutableList.Builder<String> violations = ImmutableList.builder();
    List<Timed<String, String>> answered =
        history.names().stream()
            .filter(name -> name.output() != null)
            .sorted(Comparator.comparingLong(Timed::invoked))
            .toList();
    Set<String> given = new HashSet<>();
    PriorityQueue<Timed<String, String>> open =
        new PriorityQueue<>(Comparator.comparingLong(Timed::returned));
    String highest = "";
    for (Timed<String, String> name : answered) {
      String output = Objects.requireNonNull(name.output());
      if (!given.add(output)) {
        violations.add("was given twice: " + output);
      }
      while (!open.isEmpty() && open.element().returned() < name.invoked()) {
        String before = Objects.requireNonNull(open.remove().output());
        highest = before.compareTo(highest) > 0 ? before : highest;
      }
      if (output.compareTo(highest) <= 0) {
        violations.add("%s was given after %s".formatted(output, highest));
      }
      open.add(name);
    }
    return violations.build();
  }
}
