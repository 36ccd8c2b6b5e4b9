package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.Workload;
import java.time.Duration;

/** Many znodes: to create them, to hold them, and to have them again after kill -9 of all. */
record LoadTree(int znodes) implements Scenario {
  private static final Metric RATE = Metric.of("znodes_per_s", Bound.ratioAtLeast(4.0));
  private static final Metric RESIDENT =
      Metric.of("resident_mib_per_server", Bound.ratioAtMost(0.25));
  private static final Metric RESTART = Metric.of("restart_s", Bound.ratioAtMost(0.1));

  private static final String BASE = "/loaded";
  private static final int SESSIONS = 6;
  private static final int IN_FLIGHT = 1; // Filling has its own measure of that.
  private static final double MEBI = 1024 * 1024;
  private static final double SECOND = 1e9;
  private static final Duration SETTLING = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "load-" + Count.text(znodes);
  }

  @Override
  public ImmutableMap<Metric, Double> run(Stage stage) {
    Workload workload =
        new Workload(Workload.Kind.GET, SESSIONS, IN_FLIGHT, Workload.VALUE_BYTES, znodes);
    try (BenchEnsemble ensemble = stage.start()) {
      double rate;
      try (LoadProcess clients = stage.clients(ensemble, "load")) {
        stage.warmUp(clients);
        stage.progress().say("creating %,d znodes".formatted(znodes));
        rate = znodes / clients.perform(new LoadTask.Fill(workload.name(), BASE), Double.class);
      }
      Pauses.pause(SETTLING);
      double resident = ensemble.usage().residentBytes() / MEBI / stage.options().servers();
      return ImmutableMap.of(RATE, rate, RESIDENT, resident, RESTART, restart(stage, ensemble));
    }
  }

  /** Until all servers say that they serve, and a session of each has written and read. */
  private static double restart(Stage stage, BenchEnsemble ensemble) {
    stage.progress().say("restarting " + stage.product().title());
    try (LoadProcess clients = stage.clients(ensemble, "restart")) {
      clients.perform(new LoadTask.Hold(0, ""), Integer.class); // Until its JVM has started.
      ensemble.killAll();
      long began = System.nanoTime();
      ensemble.startAll();
      clients.perform(new LoadTask.Prove(stage.options().servers(), BASE), Integer.class);
      return (System.nanoTime() - began) / SECOND;
    }
  }
}
