package io.quoll.integration.oracle;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.quoll.integration.bench.BenchEnsemble;
import io.quoll.integration.bench.Product;
import io.quoll.integration.bench.ServerSettings;
import io.quoll.integration.suite.SuiteOptions;
import io.quoll.integration.suite.SuiteRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * The suite {@code oracle}: trials, many at a time, on one ensemble of each product, until the time
 * is over or some of them show a difference; of the first the shortest form is sought then.
 * Thread-safe.
 */
public final class Oracle {
  private static final int TRIALS_AT_ONCE = 24;
  private static final int STEPS = 300;
  private static final int STEPS_UNTIL_LOOK = 10;
  private static final int TRIALS_TO_A_MORTAL = 20;
  private static final long REPORT_OPERATIONS = 20_000;
  private static final int REPEATS = 5;
  private static final int FAILURES_MAX = 5;

  // Nothing perishes by itself while a trial runs, for no two products do so at the same time.
  private static final ServerSettings ZOOKEEPER =
      new ServerSettings(
          "512m",
          ImmutableList.of("-Dznode.container.checkIntervalMs=86400000"),
          ImmutableList.of(
              "tickTime=1000", "extendedTypesEnabled=true", "maxSessionTimeout=60000"));
  private static final ServerSettings QUOLL =
      new ServerSettings(
          "512m",
          ImmutableList.of(),
          ImmutableList.of(
              "tickTime=1000",
              "maxSessionTimeout=60000",
              "znode.container.checkIntervalMs=86400000"));

  private final SuiteRun run;
  private final Tally tally = new Tally();
  private final AtomicLong trials = new AtomicLong();
  private final AtomicLong reported = new AtomicLong();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

  /** A trial that showed a difference. */
  private record Failure(long number, ImmutableList<Step> steps, String difference) {}

  private Oracle(SuiteRun run) {
    this.run = run;
  }

  /** Runs the suite. */
  public static void main(String[] arguments) {
    System.exit(run(SuiteOptions.of("oracle", 1, arguments)));
  }

  /** Runs the suite, and returns the status that its process would end with. */
  static int run(SuiteOptions options) {
    Oracle oracle = new Oracle(SuiteRun.begin(options));
    return oracle.run();
  }

  private int run() {
    int nodes = run.options().nodes();
    try (BenchEnsemble theirs =
            BenchEnsemble.start(
                Product.ZOOKEEPER, nodes, 0, run.folder().resolve("zookeeper"), ZOOKEEPER);
        BenchEnsemble ours =
            BenchEnsemble.start(Product.QUOLL, nodes, 0, run.folder().resolve("quoll"), QUOLL);
        Side zooKeeper = new ZooKeeperSide(addresses(theirs));
        Side quoll = new QuollSide(addresses(ours))) {
      runTrials(zooKeeper, quoll);
      if (!failures.isEmpty()) {
        explain(failures.element(), zooKeeper, quoll);
      }
    }
    run.append("tally.txt", tally.table());
    boolean held = failures.isEmpty() && tally.operations() > 0;
    return run.end(
        held,
        "%d operations and %d events compared in %d trials on %d server%s of each"
            .formatted(
                tally.operations(), tally.events(), trials.get(), nodes, nodes == 1 ? "" : "s"));
  }

  private static ImmutableList<String> addresses(BenchEnsemble ensemble) {
    return ImmutableList.copyOf(Splitter.on(',').split(ensemble.connectString()));
  }

  private void runTrials(Side zooKeeper, Side quoll) {
    ExecutorService pool = Executors.newFixedThreadPool(TRIALS_AT_ONCE);
    List<Future<?>> workers = new ArrayList<>();
    for (int i = 0; i < TRIALS_AT_ONCE; i++) {
      workers.add(
          pool.submit(
              () -> {
                while (!isOver()) {
                  runTrial(trials.incrementAndGet(), zooKeeper, quoll);
                }
              }));
    }
    pool.shutdown();
    workers.forEach(Oracle::await);
  }

  private static void await(Future<?> worker) {
    try {
      worker.get();
    } catch (Exception failed) {
      throw new IllegalStateException("a trial did not come to its end", failed);
    }
  }

  private boolean isOver() {
    return run.isOver()
        || failures.size() >= FAILURES_MAX
        || tally.operations() >= run.options().operations();
  }

  private void runTrial(long number, Side zooKeeper, Side quoll) {
    boolean mortal = number % TRIALS_TO_A_MORTAL == 0;
    RandomSteps random = new RandomSteps(run.options().seed() * 1_000_003 + number);
    ImmutableList<Step> steps = random.steps(STEPS, mortal);
    Optional<String> difference =
        trial("/oracle-" + number, STEPS_UNTIL_LOOK, zooKeeper, quoll).run(steps);
    if (difference.isPresent()) {
      run.say("trial %d shows a difference at %s", number, difference.get());
      failures.add(new Failure(number, steps, difference.get()));
    }
    long operations = tally.operations();
    long before = reported.get();
    if (operations - before >= REPORT_OPERATIONS && reported.compareAndSet(before, operations)) {
      run.say("%d operations without a difference", operations);
    }
  }

  private Trial trial(String root, int stepsUntilLook, Side zooKeeper, Side quoll) {
    return new Trial(zooKeeper, quoll, root, run.options().nodes(), stepsUntilLook, tally);
  }

  private void explain(Failure failed, Side zooKeeper, Side quoll) {
    run.say("the shortest form of trial %d is sought", failed.number());
    run.append("failed-trial.txt", lines(failed.steps()) + failed.difference() + "\n");
    AtomicLong attempts = new AtomicLong();
    List<String> differences = new ArrayList<>(List.of("it does not come again"));
    ImmutableList<Step> smallest =
        Shrinker.shrink(
            failed.steps(),
            shorter -> {
              String root = "/shrink-" + attempts.incrementAndGet();
              Optional<String> found = trial(root, 1, zooKeeper, quoll).run(shorter);
              found.ifPresent(differences::add);
              return found.isPresent();
            });
    String last = differences.get(differences.size() - 1);
    run.append("smallest.txt", lines(smallest) + last + "\n");
    run.say("the smallest form that shows it:%n%s%s", lines(smallest), last);
    long times =
        LongStream.range(0, REPEATS)
            .filter(i -> trial("/again-" + i, 1, zooKeeper, quoll).run(smallest).isPresent())
            .count();
    run.say("done again %d times, it showed a difference %d times", REPEATS, times);
  }

  private static String lines(List<Step> steps) {
    StringBuilder lines = new StringBuilder();
    steps.forEach(step -> lines.append(step).append('\n'));
    return lines.toString();
  }
}
