package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Which checks catch which mutations of a history that holds.
 *
 * @param caught the checks that failed, by mutation; no entry for one that the history has no place
 *     for
 */
record MutationTable(ImmutableMap<Mutation, ImmutableList<Check>> caught) {
  /** Breaks the history in every way, one at a time. */
  static MutationTable of(History history, Random random) {
    ImmutableMap.Builder<Mutation, ImmutableList<Check>> caught = ImmutableMap.builder();
    for (Mutation mutation : Mutation.values()) {
      Optional<History> broken = mutation.applyTo(history, random);
      broken.ifPresent(mutant -> caught.put(mutation, failing(mutant)));
    }
    return new MutationTable(caught.build());
  }

  private static ImmutableList<Check> failing(History history) {
    return Stream.of(Check.values())
        .filter(check -> !check.violations(history).isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  /** The mutations that were not caught by the check that is there for them. */
  ImmutableList<Mutation> escaped() {
    return caught.entrySet().stream()
        .filter(each -> !each.getValue().contains(each.getKey().caughtBy()))
        .map(Map.Entry::getKey)
        .collect(ImmutableList.toImmutableList());
  }

  /** In Markdown. */
  String markdown() {
    StringBuilder table = new StringBuilder("| mutation | caught by |\n|---|---|\n");
    caught.forEach(
        (mutation, checks) ->
            table.append("| `%s` | %s |%n".formatted(mutation, checks.toString())));
    return table.toString();
  }
}
