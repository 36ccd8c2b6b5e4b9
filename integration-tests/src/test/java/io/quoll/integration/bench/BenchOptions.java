package io.quoll.integration.bench;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.quoll.cli.bench.LoadPlan;
import io.quoll.cli.bench.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the command line of the benchmark says. Confined to one thread. */
@Command(
    name = "integration-tests/run bench",
    description = "Measures Quoll and ZooKeeper side by side.",
    sortOptions = false)
final class BenchOptions {
  private static final String LOAD_HEAP = "2g";
  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  @Option(
      names = "--workloads",
      split = ",",
      paramLabel = "NAME",
      description = "which ones, or which of the groups that README.md lists; ${DEFAULT-VALUE}")
  private List<String> workloads = new ArrayList<>(List.of("throughput"));

  @Option(names = "--seconds", description = "how long each is measured; ${DEFAULT-VALUE}")
  private int seconds = 30;

  @Option(names = "--rounds", description = "how often the products take turns; ${DEFAULT-VALUE}")
  private int rounds = 3;

  @Option(
      names = "--warmup",
      description = "seconds of all workloads before each turn; ${DEFAULT-VALUE}")
  private int warmUp = 60;

  @Option(
      names = "--lead-in",
      description = "seconds of a workload before it is measured; ${DEFAULT-VALUE}")
  private int leadIn = 5;

  @Option(
      names = "--rate",
      description = "requests a second of an open loop; unless given, each answer begins the next")
  private double rate;

  @Option(names = "--servers", description = "of each ensemble; ${DEFAULT-VALUE}")
  private int servers = 3;

  @Option(names = "--only", description = "measures one product: ${COMPLETION-CANDIDATES}")
  private @Nullable Product only;

  @Option(names = "--heap", description = "of each server; ${DEFAULT-VALUE}, as both ship")
  private String heap = "1000m";

  @Option(
      names = "--jvm-args-quoll",
      paramLabel = "ARGS",
      description = "for servers, split at spaces; {folder} is the server's folder")
  private String quollArguments = "";

  @Option(names = "--jvm-args-zookeeper", paramLabel = "ARGS", description = "as for Quoll")
  private String zooKeeperArguments = "";

  @Option(
      names = "--jvm-args-load",
      paramLabel = "ARGS",
      description = "for the process of the clients; {folder} is the turn's folder")
  private String loadArguments = "";

  @Option(
      names = "--config-quoll",
      paramLabel = "KEY=VALUE",
      description = "another line of the servers' configuration")
  private List<String> quollConfiguration = new ArrayList<>();

  @Option(names = "--config-zookeeper", paramLabel = "KEY=VALUE", description = "as for Quoll")
  private List<String> zooKeeperConfiguration = new ArrayList<>();

  @Option(names = "--json", paramLabel = "FILE", description = "where to write the results as JSON")
  private @Nullable Path json;

  @Option(
      names = "--folder",
      description = "where all files go, data included; unless given, below target/bench")
  private @Nullable Path folder;

  @Option(names = "--help", usageHelp = true, description = "explains this")
  private boolean wantsHelp;

  /**
   * The options that the arguments spell.
   *
   * @throws IllegalArgumentException if they spell none, with a message that says why
   */
  static BenchOptions of(String... arguments) {
    BenchOptions options = new BenchOptions();
    try {
      options.parser().parseArgs(arguments);
    } catch (CommandLine.ParameterException malformed) {
      throw new IllegalArgumentException(malformed.getMessage(), malformed);
    }
    options.check();
    return options;
  }

  private CommandLine parser() {
    return new CommandLine(this).setCaseInsensitiveEnumValuesAllowed(true);
  }

  private void check() {
    var unused = plan();
    require("--seconds", seconds, 1);
    require("--rounds", rounds, 1);
    require("--warmup", warmUp, 0);
    require("--lead-in", leadIn, 0);
    require("--servers", servers, 1);
    if (!(rate >= 0)) {
      throw new IllegalArgumentException("--rate must not be negative");
    }
  }

  private static void require(String option, int value, int min) {
    if (value < min) {
      throw new IllegalArgumentException(option + " must be at least " + min);
    }
  }

  /** Whether only an explanation is asked for. */
  boolean wantsHelp() {
    return wantsHelp;
  }

  /** The explanation. */
  String usage() {
    return parser().getUsageMessage();
  }

  /** What is measured. */
  Plan plan() {
    return Plan.of(workloads);
  }

  /** Those that are measured. */
  ImmutableList<Product> products() {
    return only == null ? ImmutableList.copyOf(Product.values()) : ImmutableList.of(only);
  }

  int rounds() {
    return rounds;
  }

  /** How long each workload is measured. */
  Duration measured() {
    return Duration.ofSeconds(seconds);
  }

  Duration warmUp() {
    return Duration.ofSeconds(warmUp);
  }

  int servers() {
    return servers;
  }

  /** How the servers of a product are run. */
  ServerSettings settings(Product product) {
    return switch (product) {
      case QUOLL ->
          new ServerSettings(heap, words(quollArguments), ImmutableList.copyOf(quollConfiguration));
      case ZOOKEEPER ->
          new ServerSettings(
              heap, words(zooKeeperArguments), ImmutableList.copyOf(zooKeeperConfiguration));
    };
  }

  /** The arguments of the JVM that the clients are in. */
  ImmutableList<String> loadArguments(Path turn) {
    return ImmutableList.<String>builder()
        .add("-Xmx" + LOAD_HEAP)
        .addAll(words(loadArguments.replace("{folder}", turn.toString())))
        .build();
  }

  private static ImmutableList<String> words(String arguments) {
    return ImmutableList.copyOf(
        Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().split(arguments));
  }

  /** What the clients are asked for to warm up both ends. */
  LoadTask.Run warmUp(Workload workload, Duration share) {
    return run(workload, Duration.ZERO, share, "");
  }

  /** What the clients are asked for to measure. */
  LoadTask.Run measured(Workload workload, Path histograms) {
    return run(workload, Duration.ofSeconds(leadIn), measured(), histograms.toString());
  }

  private LoadTask.Run run(
      Workload workload, Duration before, Duration measured, String histograms) {
    return new LoadTask.Run(
        workload.name(),
        "",
        LoadPlan.TreeUse.PASSING,
        false,
        before.toMillis(),
        measured.toMillis(),
        rate,
        histograms);
  }

  /** Where to write the results as JSON, beside the folder. */
  Optional<Path> json() {
    return Optional.ofNullable(json).map(BenchOptions::asTyped);
  }

  /** Where all files go. */
  Path folder() {
    return folder == null
        ? Path.of("target", "bench", STARTED.format(ZonedDateTime.now(ZoneId.systemDefault())))
        : asTyped(folder);
  }

  /** The script that starts this went to another directory than the one where it was typed. */
  private static Path asTyped(Path path) {
    return Path.of(System.getProperty("quoll.directory", "")).resolve(path);
  }
}
