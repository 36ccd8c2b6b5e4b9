package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.LoadPlan;
import io.quoll.cli.bench.LoadResult;
import io.quoll.cli.bench.Workload;
import io.quoll.integration.Hosts;
import java.util.ArrayList;
import java.util.List;

/**
 * A leader that is lost under load, time and again, and for how long no write is acknowledged at
 * most. The sessions go to other servers.
 *
 * @param isSilent whether packets are dropped both ways, which nobody sees and needs root; else it
 *     is kill -9, which its peers see at once, since their connections break
 */
record LeaderLoss(boolean isSilent) implements Scenario {
  private static final Metric SILENT = Metric.of("longest_gap_ms", Bound.quollAtMost(2_000));
  private static final Metric KILLED = Metric.of("longest_gap_ms", Bound.ratioAtMost(1.0));
  private static final Metric MEDIAN = Metric.of("median_gap_ms");

  private static final Workload WRITES = Workload.named("set-6x10");
  private static final int TIMES = 3;
  private static final long LEAD_IN_MILLIS = 5_000;
  private static final long MEASURED_MILLIS = 25_000; // ZooKeeper bears a silent peer for 10 s.

  @Override
  public String name() {
    return isSilent ? "leader-cut" : "leader-kill";
  }

  @Override
  public ImmutableMap<Metric, Double> run(Stage stage) {
    List<Double> gaps = isSilent ? cutOff(stage) : killed(stage);
    return ImmutableMap.of(
        isSilent ? SILENT : KILLED,
        gaps.stream().mapToDouble(each -> each).max().orElseThrow(),
        MEDIAN,
        Median.of(gaps));
  }

  private static List<Double> killed(Stage stage) {
    List<Double> gaps = new ArrayList<>();
    try (BenchEnsemble ensemble = stage.start();
        LoadProcess clients = stage.clients(ensemble, "load")) {
      stage.warmUp(clients);
      for (int time = 1; time <= TIMES; time++) {
        Member leader = ensemble.leader();
        gaps.add(gap(stage, clients, time, () -> ensemble.kill(leader)));
        ensemble.startAll();
      }
    }
    return gaps;
  }

  private static List<Double> cutOff(Stage stage) {
    List<Double> gaps = new ArrayList<>();
    try (Hosts hosts = Hosts.make(stage.options().servers());
        BenchEnsemble ensemble = stage.startOn(hosts);
        LoadProcess clients = stage.clients(ensemble, "load")) {
      stage.warmUp(clients);
      for (int time = 1; time <= TIMES; time++) {
        int leader = ensemble.leader().id();
        gaps.add(gap(stage, clients, time, () -> cut(hosts, leader)));
        mend(hosts, leader);
        ensemble.startAll();
      }
    }
    return gaps;
  }

  private static void cut(Hosts hosts, int id) {
    for (Hosts.Line line : Hosts.Line.values()) {
      hosts.cut(id, line);
    }
  }

  private static void mend(Hosts hosts, int id) {
    for (Hosts.Line line : Hosts.Line.values()) {
      hosts.mend(id, line);
    }
  }

  private static double gap(Stage stage, LoadProcess clients, int time, Runnable loss) {
    LoadTask.Run writes =
        new LoadTask.Run(
            WRITES.name(),
            "",
            LoadPlan.TreeUse.LEFT,
            true,
            LEAD_IN_MILLIS,
            MEASURED_MILLIS,
            0,
            stage.folder().resolve("loss" + time + ".hlog").toString());
    LoadResult result = clients.run(writes, loss, () -> {});
    stage
        .progress()
        .say(
            "%.0f ms without an acknowledged write, %d errors"
                .formatted(result.longestGapMillis(), result.failures()));
    return result.longestGapMillis();
  }
}
