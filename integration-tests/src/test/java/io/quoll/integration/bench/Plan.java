package io.quoll.integration.bench;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.Workload;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is measured.
 *
 * @param workloads on one ensemble a turn, one after another
 * @param scenarios each with ensembles of its own
 */
record Plan(ImmutableList<Workload> workloads, ImmutableList<Scenario> scenarios) {
  private static final ImmutableMap<String, ImmutableList<String>> GROUPS =
      ImmutableMap.<String, ImmutableList<String>>builder()
          .put("throughput", Target.all().keySet().asList())
          .put(
              "large",
              ImmutableList.of(
                  "load-1m",
                  "fanout-10k",
                  "changes-10kx100",
                  "idle-10k",
                  "leader-kill",
                  "leader-cut",
                  "snapshots",
                  "large-5m"))
          .put("scaling-nodes", ImmutableList.of("nodes-1", "nodes-3", "nodes-5", "nodes-7"))
          .put("scaling-observers", ImmutableList.of("observers-1", "observers-2", "observers-3"))
          .put("scaling-sessions", each("%s-%dx10", List.of("set", "get"), 1, 10, 100, 1_000))
          .put(
              "scaling-znodes",
              each("%s-6x100@%d", List.of("set", "get"), 1_000, 10_000, 100_000, 1_000_000))
          .put(
              "scaling-children",
              each("%s-6x20@%d", List.of("create-delete"), 10, 100, 1_000, 10_000, 100_000))
          .buildOrThrow();

  private static final Pattern NUMBERED =
      Pattern.compile("(load|fanout|idle|large|nodes|observers)-([0-9]+[km]?)");
  private static final Pattern CHANGES = Pattern.compile("changes-([0-9]+[km]?)x([0-9]+[km]?)");

  private static final ImmutableMap<String, Function<Integer, Scenario>> NUMBERED_SCENARIOS =
      ImmutableMap.of(
          "load", LoadTree::new,
          "fanout", FanOut::new,
          "idle", IdleSessions::new,
          "large", LargeTree::new,
          "nodes", NodeCount::ofVoters,
          "observers", NodeCount::withObservers);

  private static ImmutableList<String> each(String pattern, List<String> kinds, int... numbers) {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    for (String kind : kinds) {
      for (int number : numbers) {
        names.add(pattern.formatted(kind, number));
      }
    }
    return names.build();
  }

  /** The names of groups, which stand for what is in them. */
  static ImmutableList<String> groups() {
    return GROUPS.keySet().asList();
  }

  /**
   * The plan that names of workloads, scenarios and groups spell; {@code all} is all groups.
   *
   * @throws IllegalArgumentException if they spell none, with a message that says why
   */
  static Plan of(List<String> names) {
    ImmutableList<String> each =
        names.stream().flatMap(name -> expand(name).stream()).distinct().collect(toImmutableList());
    return new Plan(
        each.stream()
            .filter(name -> scenario(name).isEmpty())
            .map(Workload::named)
            .distinct()
            .collect(toImmutableList()),
        each.stream().flatMap(name -> scenario(name).stream()).collect(toImmutableList()));
  }

  private static ImmutableList<String> expand(String name) {
    return name.equals("all")
        ? GROUPS.values().stream().flatMap(List::stream).collect(toImmutableList())
        : GROUPS.getOrDefault(name, ImmutableList.of(name));
  }

  private static Optional<Scenario> scenario(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (numbered.matches()) {
      return Optional.ofNullable(NUMBERED_SCENARIOS.get(numbered.group(1)))
          .map(scenario -> scenario.apply(Count.of(numbered.group(2))));
    }
    Matcher changes = CHANGES.matcher(name);
    if (changes.matches()) {
      return Optional.of(new ManyChanges(Count.of(changes.group(1)), Count.of(changes.group(2))));
    }
    return switch (name) {
      case "leader-kill" -> Optional.of(new LeaderLoss(false));
      case "leader-cut" -> Optional.of(new LeaderLoss(true));
      case "snapshots" -> Optional.of(new Snapshots());
      default -> Optional.empty();
    };
  }
}
