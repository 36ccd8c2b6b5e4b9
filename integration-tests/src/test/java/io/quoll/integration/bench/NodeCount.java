package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.Workload;
import java.nio.file.Path;

/** Writes and reads with as many servers as are given, of which some may be observers. */
record NodeCount(String name, int voters, int observers) implements Scenario {
  private static final ImmutableList<Workload> WORKLOADS =
      ImmutableList.of(Workload.named("set-6x100"), Workload.named("get-6x100"));

  /** So many voters. */
  static NodeCount ofVoters(int voters) {
    return new NodeCount("nodes-" + voters, voters, 0);
  }

  /** Three voters, and so many observers. */
  static NodeCount withObservers(int observers) {
    return new NodeCount("observers-" + observers, 3, observers);
  }

  @Override
  public ImmutableMap<Metric, Double> run(Stage stage) {
    Path folder = stage.folder();
    ServerSettings settings = stage.options().settings(stage.product());
    ImmutableMap.Builder<Metric, Double> figures = ImmutableMap.builder();
    try (BenchEnsemble ensemble = stage.start(voters, observers, folder, settings);
        LoadProcess clients = stage.clients(ensemble, "load")) {
      stage.warmUp(clients);
      for (Workload workload : WORKLOADS) {
        double rate =
            clients.run(stage.measured(workload), () -> {}, () -> {}).operationsPerSecond();
        figures.put(Metric.of(workload.name() + "_ops_per_s"), rate);
      }
    }
    return figures.buildOrThrow();
  }
}
