package io.quoll.integration.suite;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the command line of a suite says. Confined to one thread. */
@Command(sortOptions = false)
public final class SuiteOptions {
  private static final int WRONG_ARGUMENTS = 2;
  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final String suite;

  @Option(names = "--seed", description = "repeats what was chosen at random; unless given, any")
  private long seed = System.nanoTime();

  @Option(names = "--seconds", description = "how long to go on; ${DEFAULT-VALUE}")
  private int seconds = 120;

  @Option(names = "--nodes", description = "servers of each ensemble; ${DEFAULT-VALUE}")
  private int nodes;

  @Option(
      names = "--operations",
      description = "end after so many, before the time is over; unless given, no limit")
  private long operations = Long.MAX_VALUE;

  @Option(
      names = "--folder",
      description = "where the evidence goes; unless given, below target/evidence")
  private @Nullable Path folder;

  @Option(names = "--help", usageHelp = true, description = "explains this")
  private boolean wantsHelp;

  private SuiteOptions(String suite, int nodes) {
    this.suite = suite;
    this.nodes = nodes;
  }

  /**
   * The options that the arguments spell. Ends the process where they spell none, or ask for help.
   *
   * @param nodes how many servers there are unless the arguments say
   */
  public static SuiteOptions of(String suite, int nodes, String... arguments) {
    SuiteOptions options = new SuiteOptions(suite, nodes);
    CommandLine parser = new CommandLine(options).setCommandName("integration-tests/run " + suite);
    try {
      parser.parseArgs(arguments);
    } catch (CommandLine.ParameterException malformed) {
      System.err.println(malformed.getMessage());
      System.exit(WRONG_ARGUMENTS);
    }
    if (options.wantsHelp) {
      parser.usage(System.out);
      System.exit(0);
    }
    return options;
  }

  /** What is run. */
  public String suite() {
    return suite;
  }

  /** What all that is chosen at random depends on. */
  public long seed() {
    return seed;
  }

  /** How long to go on. */
  public Duration duration() {
    return Duration.ofSeconds(seconds);
  }

  /** How many servers each ensemble has. */
  public int nodes() {
    return nodes;
  }

  /** After how many operations to end, however much time is left. */
  public long operations() {
    return operations;
  }

  /** Where the evidence goes. */
  public Path folder() {
    Path startedIn = Path.of(System.getProperty("quoll.directory", ""));
    if (folder != null) {
      return startedIn.resolve(folder).toAbsolutePath();
    }
    String time = LocalDateTime.now(ZoneId.systemDefault()).format(STARTED);
    return Path.of("target", "evidence", suite + "-" + time).toAbsolutePath();
  }
}
