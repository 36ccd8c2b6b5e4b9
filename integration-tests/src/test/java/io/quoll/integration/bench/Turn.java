package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.LoadResult;
import io.quoll.cli.bench.Workload;
import java.nio.file.Path;
import java.util.List;

/**
 * One product's part of a round: an ensemble of its own and a process of clients, started for it,
 * warmed up with all workloads and then measured. The other product is not running meanwhile: one
 * that were only stopped in its tracks would find its timeouts passed when it goes on, and elect
 * and end sessions before it is itself again.
 *
 * <p>Confined to one thread.
 */
final class Turn {
  private final Stage stage;
  private final List<Workload> workloads;

  Turn(Stage stage, List<Workload> workloads) {
    this.stage = stage;
    this.workloads = workloads;
  }

  /** Runs all workloads, and tells what was measured of each. */
  ImmutableMap<Workload, Figures> run() {
    ImmutableMap.Builder<Workload, Figures> figures = ImmutableMap.builder();
    try (BenchEnsemble ensemble = stage.start();
        LoadProcess clients = stage.clients(ensemble, "load")) {
      stage.warmUp(clients, workloads);
      for (Workload workload : workloads) {
        figures.put(workload, measure(workload, ensemble, clients));
      }
    }
    return figures.buildOrThrow();
  }

  private Figures measure(Workload workload, BenchEnsemble ensemble, LoadProcess clients) {
    LoadTask.Run run = stage.measured(workload);
    Meter meter = new Meter(ensemble, clients);
    LoadResult result = clients.run(run, meter::begin, meter::end);
    stage
        .progress()
        .say(
            "%s: %,.0f ops/s, p99 %.2f ms, %d errors"
                .formatted(
                    workload.name(),
                    result.operationsPerSecond(),
                    result.percentiles().p99Millis(),
                    result.failures()));
    return new Figures(
        result,
        meter.servers(),
        stage.options().servers(),
        meter.clients(),
        meter.diskBytes(),
        Path.of(run.histograms()));
  }
}
