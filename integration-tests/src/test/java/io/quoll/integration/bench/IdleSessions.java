package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;

/** Sessions that do nothing, and what they cost the servers together. */
record IdleSessions(int sessions) implements Scenario {
  private static final Metric CPU = Metric.of("cpu_percent_of_a_processor", Bound.ratioAtMost(0.5));
  private static final Metric RESIDENT =
      Metric.of("resident_mib_per_server", Bound.ratioAtMost(0.5));

  private static final double MEBI = 1024 * 1024;
  private static final double PERCENT = 100;
  private static final Duration MEASURED_MIN = Duration.ofSeconds(30); // Three signs of life each.

  @Override
  public String name() {
    return "idle-" + Count.text(sessions);
  }

  @Override
  public ImmutableMap<Metric, Double> run(Stage stage) {
    try (BenchEnsemble ensemble = stage.start();
        Crowd crowd = Crowd.start(stage, ensemble, sessions)) {
      crowd.open("");
      stage.progress().say(sessions + " sessions are open");
      Pauses.pause(stage.options().warmUp());
      Duration window = longer(stage.options().measured(), MEASURED_MIN);
      Usage before = ensemble.usage();
      Pauses.pause(window);
      Usage used = ensemble.usage().since(before);
      return ImmutableMap.of(
          CPU,
          used.cpuSeconds() * PERCENT / window.toSeconds(),
          RESIDENT,
          used.residentBytes() / MEBI / stage.options().servers());
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
