package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.bench.LoadPlan;
import io.quoll.cli.bench.Workload;
import io.quoll.integration.Hosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where a scenario is run, once for one product.
 *
 * <p>Confined to one thread.
 */
record Stage(BenchOptions options, Product product, Path folder, Progress progress) {
  private static final ImmutableList<String> WARM_UP =
      ImmutableList.of("set-6x100", "get-6x100", "multi-6x20");

  /** Starts the usual ensemble. */
  BenchEnsemble start() {
    return start(options.servers(), folder, options.settings(product));
  }

  /** Starts an ensemble that keeps its files in {@code place}. */
  BenchEnsemble start(int size, Path place, ServerSettings settings) {
    return start(size, 0, place, settings);
  }

  /** Starts an ensemble of voters and observers that keeps its files in {@code place}. */
  BenchEnsemble start(int voters, int observers, Path place, ServerSettings settings) {
    progress.say("starting " + product.title());
    return BenchEnsemble.start(product, voters, observers, place, settings);
  }

  /** Starts the usual ensemble, each server on a host of its own. */
  BenchEnsemble startOn(Hosts hosts) {
    progress.say("starting " + product.title());
    return BenchEnsemble.startOn(
        hosts, product, options.servers(), folder, options.settings(product));
  }

  /** Starts a process of clients. */
  LoadProcess clients(BenchEnsemble ensemble, String name) {
    return LoadProcess.start(
        product,
        ensemble.connectString(),
        options.loadArguments(folder),
        folder.resolve(name + ".log"));
  }

  /** Warms up both ends. */
  void warmUp(LoadProcess clients) {
    warmUp(clients, WARM_UP.stream().map(Workload::named).toList());
  }

  /** Warms up both ends with so many workloads. */
  void warmUp(LoadProcess clients, List<Workload> workloads) {
    Duration share = options.warmUp().dividedBy(workloads.size());
    if (share.isZero()) {
      return;
    }
    progress.say("warming up for " + options.warmUp().toSeconds() + " s");
    for (Workload workload : workloads) {
      clients.run(options.warmUp(workload, share), () -> {}, () -> {});
    }
  }

  /** A workload that runs for as long as all do, on znodes that are made for it. */
  LoadTask.Run measured(Workload workload) {
    return options.measured(workload, folder.resolve(workload.name() + ".hlog"));
  }

  /** A workload on znodes that are there already. */
  LoadTask.Run measuredOn(String base, Workload workload) {
    LoadTask.Run run = measured(workload);
    return new LoadTask.Run(
        run.workload(),
        base,
        LoadPlan.TreeUse.FOUND,
        run.roams(),
        run.leadInMillis(),
        run.measuredMillis(),
        run.rate(),
        run.histograms());
  }
}
