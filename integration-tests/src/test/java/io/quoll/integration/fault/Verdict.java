package io.quoll.integration.fault;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Throwables;
import io.quoll.integration.suite.SuiteRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What must hold in a run, what was found against it, and what was done. Not thread-safe. */
final class Verdict {
  private static final int SHOWN_MAX = 20;

  private final SuiteRun run;
  private final Map<String, List<String>> violations = new LinkedHashMap<>();
  private final Map<String, Object> counts = new LinkedHashMap<>();

  Verdict(SuiteRun run) {
    this.run = run;
  }

  /** Judges whether all of it holds, which it does only if it comes to its end. */
  void whole(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | AssertionError failure) {
      run.append("failure.txt", Throwables.getStackTraceAsString(failure));
      judge("the run comes to its end", List.of(failure.toString()));
    }
  }

  /** A thing that must hold, and what was found against it. */
  void judge(String property, Collection<String> against) {
    violations.computeIfAbsent(property, unused -> new ArrayList<>()).addAll(against);
  }

  /** What was done, and how often. */
  void count(String what, Object count) {
    counts.put(what, count);
  }

  /** Writes the report, says the verdict, and returns the status to end with. */
  int end() {
    boolean held = violations.values().stream().allMatch(List::isEmpty);
    run.append("report.md", report(held));
    violations.forEach(this::tell);
    return run.end(held, counts.toString());
  }

  private void tell(String property, List<String> against) {
    run.say("%s: %s", property, against.isEmpty() ? "held" : against.size() + " violations");
    against.stream().limit(SHOWN_MAX).forEach(violation -> run.say("  %s", violation));
  }

  private String report(boolean held) {
    List<String> lines = new ArrayList<>();
    String suite = run.options().suite();
    long seed = run.options().seed();
    lines.add("# %s, seed %d: %s\n".formatted(suite, seed, held ? "held" : "FAILED"));
    lines.add(
        "%d nodes, %d s. Repeat it with\n\n    integration-tests/run %s --seed %d --seconds %d --nodes %d\n"
            .formatted(
                run.options().nodes(),
                run.elapsed().toSeconds(),
                suite,
                seed,
                run.options().duration().toSeconds(),
                run.options().nodes()));
    counts.forEach((what, count) -> lines.add("- %s: %s".formatted(what, count)));
    lines.add("");
    violations.forEach((property, against) -> lines.add("- " + line(property, against)));
    return String.join("\n", lines) + "\n";
  }

  private static String line(String property, List<String> against) {
    return property
        + (against.isEmpty()
            ? ": held"
            : against.stream().limit(SHOWN_MAX).collect(joining("\n  - ", ": VIOLATED\n  - ", "")));
  }
}
