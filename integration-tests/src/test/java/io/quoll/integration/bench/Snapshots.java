package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.Workload;

/** Writes while one snapshot is taken after another, beside writes while none is taken. */
record Snapshots() implements Scenario {
  private static final Metric WITHOUT = Metric.of("p99_without_ms");
  private static final Metric WITH = Metric.of("p99_with_ms");
  private static final Metric FACTOR = Metric.of("p99_factor", Bound.quollAtMost(1.2));

  private static final Workload WRITES = Workload.named("set-6x20@100k");
  private static final String NONE = "snapCount=1000000000";

  @Override
  public String name() {
    return "snapshots";
  }

  @Override
  public ImmutableMap<Metric, Double> run(Stage stage) {
    double without = p99(stage, "without", NONE);
    double with = p99(stage, "with", continuous(stage.product()));
    return ImmutableMap.of(WITHOUT, without, WITH, with, FACTOR, with / without);
  }

  /** Quoll counts log entries, of many writes each; ZooKeeper counts writes. */
  private static String continuous(Product product) {
    return switch (product) {
      case QUOLL -> "snapCount=500";
      case ZOOKEEPER -> "snapCount=5000";
    };
  }

  private static double p99(Stage stage, String name, String setting) {
    ServerSettings usual = stage.options().settings(stage.product());
    ServerSettings settings =
        new ServerSettings(
            usual.heap(),
            usual.jvmArguments(),
            ImmutableList.<String>builder().addAll(usual.configuration()).add(setting).build());
    Stage own =
        new Stage(stage.options(), stage.product(), stage.folder().resolve(name), stage.progress());
    try (BenchEnsemble ensemble = own.start(own.options().servers(), own.folder(), settings);
        LoadProcess clients = own.clients(ensemble, "load")) {
      own.warmUp(clients);
      return clients.run(own.measured(WRITES), () -> {}, () -> {}).percentiles().p99Millis();
    }
  }
}
