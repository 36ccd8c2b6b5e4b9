package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.LoadResult;
import io.quoll.cli.bench.Workload;
import java.nio.file.Path;
import java.time.Duration;
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
  private final BenchOptions options;
  private final Product product;
  private final Path folder;
  private final Progress progress;

  /** A turn that keeps its files in {@code folder}. */
  Turn(BenchOptions options, Product product, Path folder, Progress progress) {
    this.options = options;
    this.product = product;
    this.folder = folder;
    this.progress = progress;
  }

  /** Runs all workloads, and tells what was measured of each. */
  ImmutableMap<Workload, Figures> run() {
    progress.say("starting " + product.title());
    ImmutableMap.Builder<Workload, Figures> figures = ImmutableMap.builder();
    try (BenchEnsemble ensemble =
            BenchEnsemble.start(product, options.servers(), folder, options.settings(product));
        LoadProcess load = startLoad(ensemble)) {
      warmUp(load);
      for (Workload workload : options.workloads()) {
        figures.put(workload, measure(workload, ensemble, load));
      }
    }
    return figures.buildOrThrow();
  }

  private LoadProcess startLoad(BenchEnsemble ensemble) {
    return LoadProcess.start(
        product,
        ensemble.connectString(),
        options.loadArguments(folder),
        folder.resolve("load.log"));
  }

  private void warmUp(LoadProcess load) {
    List<Workload> workloads = options.workloads();
    Duration share = options.warmUp().dividedBy(workloads.size());
    if (share.isZero()) {
      return;
    }
    progress.say("warming up for " + options.warmUp().toSeconds() + " s");
    for (Workload workload : workloads) {
      load.run(options.warmUp(workload, share), () -> {}, () -> {});
    }
  }

  private Figures measure(Workload workload, BenchEnsemble ensemble, LoadProcess load) {
    Path histograms = folder.resolve(workload.name() + ".hlog");
    Meter meter = new Meter(ensemble, load);
    LoadResult result = load.run(options.measured(workload, histograms), meter::begin, meter::end);
    progress.say(
        "%s: %,.0f ops/s, p99 %.2f ms, %d errors"
            .formatted(
                workload.name(),
                result.operationsPerSecond(),
                result.percentiles().p99Millis(),
                result.failures()));
    return new Figures(result, meter.servers(), options.servers(), meter.clients(), histograms);
  }
}
