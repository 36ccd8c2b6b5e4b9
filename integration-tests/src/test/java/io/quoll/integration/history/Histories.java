package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import io.quoll.integration.bench.BenchEnsemble;
import io.quoll.integration.bench.Product;
import io.quoll.integration.bench.ServerSettings;
import io.quoll.integration.suite.SuiteOptions;
import io.quoll.integration.suite.SuiteRun;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The suite {@code histories}: rounds of recording while servers are killed, each round with an
 * ensemble of its own, and the checks of what was recorded. Confined to one thread.
 */
public final class Histories {
  private static final Duration ROUND = Duration.ofSeconds(60);
  private static final int STEP_MILLIS = 4;
  private static final int CALM_MILLIS_MAX = 4_000;
  private static final int DOWN_MILLIS_MAX = 4_000;
  private static final ServerSettings QUOLL =
      new ServerSettings("256m", ImmutableList.of(), ImmutableList.of("snapCount=3000"));

  private final SuiteRun run;
  private final Random random;
  private int rounds;
  private int kills;
  private long calls;
  private long events;
  private boolean held = true;

  private Histories(SuiteRun run) {
    this.run = run;
    this.random = new Random(run.options().seed());
  }

  /** Runs the suite. */
  public static void main(String[] arguments) {
    System.exit(run(SuiteOptions.of("histories", 3, arguments)));
  }

  /** Runs the suite, and returns the status that its process would end with. */
  static int run(SuiteOptions options) {
    return new Histories(SuiteRun.begin(options)).run();
  }

  private int run() {
    while (held && !run.isOver()) {
      round();
    }
    return run.end(
        held,
        "%d rounds, %d kills, %d calls and %d changes checked"
            .formatted(rounds, kills, calls, events));
  }

  private void round() {
    rounds++;
    try (BenchEnsemble ensemble =
            BenchEnsemble.start(
                Product.QUOLL,
                run.options().nodes(),
                0,
                run.folder().resolve("round" + rounds),
                QUOLL);
        Recording recording =
            new Recording(ensemble.connectString(), new Random(random.nextLong()))) {
      ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
      try {
        var unused =
            load.scheduleAtFixedRate(recording::step, 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
        harm(ensemble);
      } finally {
        load.shutdownNow();
      }
      History history = recording.end();
      judge(history);
      require("nothing goes wrong for all to see", recording.violations());
      require("the names that were given are there", recording.lostNames(history));
    }
  }

  private void harm(BenchEnsemble ensemble) {
    long end = System.nanoTime() + ROUND.toNanos();
    while (System.nanoTime() < end) {
      pass(random.nextInt(CALM_MILLIS_MAX));
      kills++;
      switch (random.nextInt(4)) {
        case 0 -> {
          run.say("all servers are killed");
          ensemble.killAll();
        }
        case 1 -> {
          int id = 1 + random.nextInt(run.options().nodes());
          run.say("server %d is killed", id);
          ensemble.kill(id);
        }
        default -> {
          run.say("the leader is killed");
          ensemble.killLeader();
        }
      }
      pass(random.nextInt(DOWN_MILLIS_MAX));
      ensemble.startAll();
    }
  }

  // The passing of time is what is wanted here, and nothing is waited for.
  private static void pass(int millis) {
    try {
      if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private void judge(History history) {
    calls += history.calls().size() + history.names().size();
    events += history.changes().size();
    run.append("history%d.txt".formatted(rounds), lines(history));
    for (Check check : Check.values()) {
      require(check.name(), check.violations(history));
    }
    long unanswered = history.calls().stream().filter(call -> call.reply() == null).count();
    run.say(
        "round %d: %d calls (%d without an answer), %d names, %d changes",
        rounds,
        history.calls().size(),
        unanswered,
        history.names().size(),
        history.changes().size());
    if (held) {
      showThatChecksFail(history);
    }
  }

  // Only a check that can fail shows anything by holding.
  private void showThatChecksFail(History history) {
    MutationTable table = MutationTable.of(history, random);
    run.append("mutations%d.md".formatted(rounds), table.markdown());
    run.say(
        "round %d: %d mutations of it, %d of them not caught",
        rounds, table.caught().size(), table.escaped().size());
    require(
        "every mutation is caught",
        table.escaped().stream().map(Enum::name).collect(ImmutableList.toImmutableList()));
  }

  private void require(String promise, ImmutableList<String> violations) {
    if (!violations.isEmpty()) {
      held = false;
      run.say("%s: %d violations, the first of them:", promise, violations.size());
      violations.stream().limit(5).forEach(violation -> run.say("  %s", violation));
      run.append("violations.txt", promise + ":\n" + String.join("\n", violations) + "\n");
    }
  }

  private static String lines(History history) {
    StringBuilder lines = new StringBuilder();
    history.calls().forEach(call -> lines.append(call).append('\n'));
    history.names().forEach(name -> lines.append(name).append('\n'));
    history.sessions().forEach(session -> lines.append(session).append('\n'));
    history.watches().forEach(watch -> lines.append(watch).append('\n'));
    history.changes().forEach(change -> lines.append(change).append('\n'));
    return lines.toString();
  }
}
