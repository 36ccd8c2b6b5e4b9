package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The benchmark: products take turns, round by round, on the same machine and the same disk.
 *
 * <p>Confined to one thread.
 */
public final class Bench {
  private static final int WRONG_ARGUMENTS = 2;

  private final BenchOptions options;
  private final Path folder;
  private final Progress progress = new Progress(System.err);
  private final Measurements measurements = new Measurements();

  private Bench(BenchOptions options) throws IOException {
    this.options = options;
    this.folder = Files.createDirectories(options.folder()).toRealPath();
  }

  /** Runs the benchmark and prints its results. */
  public static void main(String[] args) throws IOException {
    BenchOptions options;
    try {
      options = BenchOptions.of(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(WRONG_ARGUMENTS);
      return;
    }
    if (options.wantsHelp()) {
      System.out.print(options.usage());
      return;
    }
    new Bench(options).run();
  }

  private void run() throws IOException {
    progress.say("all files are kept in " + folder);
    Plan plan = options.plan();
    for (int round = 1; round <= options.rounds(); round++) {
      progress.say("round " + round + " of " + options.rounds());
      if (!plan.workloads().isEmpty()) {
        for (Product product : order(round)) {
          Stage stage = stage(round, "throughput", product);
          measurements.add(product, new Turn(stage, plan.workloads()).run());
        }
      }
      for (Scenario scenario : plan.scenarios()) {
        run(scenario, round);
      }
    }
    publish(measurements.results());
  }

  private void run(Scenario scenario, int round) throws IOException {
    for (Product product : order(round)) {
      if (scenario.isFor(product)) {
        progress.say(scenario.name());
        Stage stage = stage(round, scenario.name(), product);
        ImmutableMap<Metric, Double> figures = scenario.run(stage);
        measurements.add(scenario, product, figures);
        figures.forEach(
            (metric, figure) -> progress.say("%s: %,.2f".formatted(metric.name(), figure)));
      }
    }
  }

  private Stage stage(int round, String name, Product product) throws IOException {
    Path place = folder.resolve("round" + round).resolve(name + "-" + product.label());
    return new Stage(options, product, Files.createDirectories(place), progress);
  }

  /** The product that was last in a round is first in the next, lest one always has the later. */
  private ImmutableList<Product> order(int round) {
    return round % 2 == 1 ? options.products() : options.products().reverse();
  }

  private void publish(Results results) throws IOException {
    String report = Machine.describe() + "\n" + Report.of(results);
    String json = JsonReport.of(results) + "\n";
    Files.writeString(folder.resolve("results.md"), report);
    Files.writeString(folder.resolve("results.json"), json);
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), json);
    }
    System.out.print(report);
    progress.say("all files are in " + folder);
  }
}
