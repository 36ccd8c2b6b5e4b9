package io.quoll.integration.fault;

import io.quoll.integration.suite.SuiteOptions;
import io.quoll.integration.suite.SuiteRun;
import java.util.List;
import java.util.Random;

/**
 * The suite {@code faults}: real servers on hosts of their own fail by a schedule that a seed
 * decides, one step after the other, while clients write, read and watch. What is judged is what
 * must never be wrong, and not how fast anything was.
 */
public final class Faults {
  private static final int NODES = 3;

  // Snapshots every few seconds, and a log that is soon purged. Sessions may be silent for 40 s,
  // since a machine that is busy with other things makes the living look dead.
  private static final String[] SETTINGS = {
    "tickTime=2000", "snapCount=500", "commitLogCount=100", "txnLogSizeLimitInKb=512"
  };

  private final SuiteRun run;
  private final Verdict verdict;

  private Faults(SuiteRun run) {
    this.run = run;
    this.verdict = new Verdict(run);
  }

  /** Runs the suite once. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the suite once, and returns the status with which the process is to end. */
  static int run(String... arguments) {
    SuiteRun run = SuiteRun.begin(SuiteOptions.of("faults", NODES, arguments));
    return new Faults(run).run();
  }

  private int run() {
    verdict.whole(this::rage);
    return verdict.end();
  }

  private void rage() {
    long seed = run.options().seed();
    try (Site site = Site.start(run.options().nodes(), run.folder(), SETTINGS);
        Workload workload = Workload.start(site.ensemble(), run)) {
      verdict.judge(
          "a leader that is cut off, idle, promises nothing",
          new IsolatedLeader(site, run).violations(false));
      verdict.judge(
          "a leader that is cut off, busy, promises nothing",
          new IsolatedLeader(site, run).violations(true));
      Departures departures =
          new Departures(workload.options(), workload.first(), new Random(seed));
      Nemesis nemesis = new Nemesis(site, new Moments(site, departures), run);
      Schedule schedule = new Schedule(seed, site.size(), site.possibleFaults());
      long end = System.nanoTime() + run.options().duration().toNanos();
      while (System.nanoTime() < end) {
        nemesis.harm(schedule.next());
        departures.look();
      }
      verdict.count("faults", nemesis.done());
      verdict.count("bad moments met", nemesis.metMoments());
      workload.settle();
      workload.counts().forEach(verdict::count);
      verdict.count("clients that vanished", departures.count());
      verdict.judge(
          "what a vanished client owned stays for its timeout, and goes", departures.violations());
      nemesis.awaitSameTree();
      verdict.judge("all servers hold the same tree", List.of());
      verdict.judge("a server ends only for a reason", nemesis.violations());
      verdict.count("restarts to take a snapshot over", nemesis.takeOvers());
      workload.violations().forEach(verdict::judge);
    }
  }
}
