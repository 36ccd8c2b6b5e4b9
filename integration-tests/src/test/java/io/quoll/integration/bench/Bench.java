package io.quoll.integration.bench;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Table;
import io.quoll.cli.bench.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

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
  private final Table<Product, Workload, List<Figures>> figures = HashBasedTable.create();

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
    for (int round = 1; round <= options.rounds(); round++) {
      for (Product product : order(round)) {
        Path turn =
            Files.createDirectories(folder.resolve("round" + round + "-" + product.label()));
        progress.say("round " + round + " of " + options.rounds());
        new Turn(options, product, turn, progress)
            .run()
            .forEach((workload, measured) -> add(product, workload, measured));
      }
    }
    publish(options.workloads().stream().map(this::comparison).collect(toImmutableList()));
  }

  /** The product that was last in a round is first in the next, lest one always has the later. */
  private ImmutableList<Product> order(int round) {
    return round % 2 == 1 ? options.products() : options.products().reverse();
  }

  private Comparison comparison(Workload workload) {
    ImmutableMap<Product, Summary> summaries =
        options.products().stream()
            .collect(
                toImmutableMap(product -> product, product -> Summary.of(all(product, workload))));
    return new Comparison(workload.name(), summaries);
  }

  private void add(Product product, Workload workload, Figures measured) {
    figures.put(
        product,
        workload,
        ImmutableList.<Figures>builder().addAll(all(product, workload)).add(measured).build());
  }

  private List<Figures> all(Product product, Workload workload) {
    return Objects.requireNonNullElse(figures.get(product, workload), ImmutableList.of());
  }

  private void publish(List<Comparison> comparisons) throws IOException {
    String report = Machine.describe() + "\n" + Report.of(comparisons);
    String json = JsonReport.of(comparisons) + "\n";
    Files.writeString(folder.resolve("results.md"), report);
    Files.writeString(folder.resolve("results.json"), json);
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), json);
    }
    System.out.print(report);
    progress.say("all files are in " + folder);
  }
}
