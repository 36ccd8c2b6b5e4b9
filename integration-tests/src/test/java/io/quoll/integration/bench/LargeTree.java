package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.Workload;

/** A tree that is larger than the heap, which ZooKeeper has no way to hold. */
record LargeTree(int znodes) implements Scenario {
  private static final Metric SMALL = Metric.of("get_p99_of_1k_znodes_ms");
  private static final Metric LARGE = Metric.of("get_p99_ms");
  private static final Metric FACTOR = Metric.of("get_p99_factor", Bound.quollAtMost(3.0));
  private static final Metric RATE = Metric.of("znodes_per_s");
  private static final Metric RESIDENT = Metric.of("resident_mib_per_server");

  private static final String HEAP = "512m";
  private static final String BASE = "/large";
  private static final String READS = "get-6x1";
  private static final double MEBI = 1024 * 1024;

  @Override
  public String name() {
    return "large-" + Count.text(znodes);
  }

  @Override
  public boolean isFor(Product product) {
    return product == Product.QUOLL;
  }

  @Override
  public ImmutableMap<Metric, Double> run(Stage stage) {
    ServerSettings usual = stage.options().settings(stage.product());
    ServerSettings settings = new ServerSettings(HEAP, usual.jvmArguments(), usual.configuration());
    Workload large = Workload.named(READS + "@" + Count.text(znodes));
    try (BenchEnsemble ensemble = stage.start(stage.options().servers(), stage.folder(), settings);
        LoadProcess clients = stage.clients(ensemble, "load")) {
      stage.warmUp(clients);
      double before = p99(clients, stage.measured(Workload.named(READS)));
      double seconds = clients.perform(new LoadTask.Fill(large.name(), BASE), Double.class);
      stage.progress().say("%d znodes in %.0f s".formatted(znodes, seconds));
      double after = p99(clients, stage.measuredOn(BASE, large));
      return ImmutableMap.of(
          RATE, znodes / seconds,
          SMALL, before,
          LARGE, after,
          FACTOR, after / before,
          RESIDENT, ensemble.usage().residentBytes() / MEBI / stage.options().servers());
    }
  }

  private static double p99(LoadProcess clients, LoadTask.Run run) {
    return clients.run(run, () -> {}, () -> {}).percentiles().p99Millis();
  }
}
