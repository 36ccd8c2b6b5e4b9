package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;

/** One change that many sessions watch, time and again. */
record FanOut(int sessions) implements Scenario {
  private static final Metric RATE = Metric.of("events_per_s", Bound.ratioAtLeast(3.0));
  private static final Metric LAST = Metric.of("change_to_last_event_ms");

  private static final String WATCHED = "/watched";
  private static final int UNMEASURED = 10;
  private static final int MEASURED = 20;
  private static final double MILLI = 1e6;
  private static final double SECOND_MILLIS = 1e3;

  @Override
  public String name() {
    return "fanout-" + Count.text(sessions);
  }

  @Override
  public ImmutableMap<Metric, Double> run(Stage stage) {
    try (BenchEnsemble ensemble = stage.start();
        LoadProcess writer = stage.clients(ensemble, "writer");
        Crowd crowd = Crowd.start(stage, ensemble, sessions)) {
      stage.warmUp(writer);
      writer.perform(new LoadTask.Hold(1, ""), Integer.class);
      writer.perform(new LoadTask.Change(WATCHED, 0), Long.class);
      crowd.open(WATCHED);
      stage.progress().say(sessions + " sessions watch");
      double millis = Median.of(changes(writer, crowd));
      return ImmutableMap.of(LAST, millis, RATE, sessions * SECOND_MILLIS / millis);
    }
  }

  private static List<Double> changes(LoadProcess writer, Crowd crowd) {
    List<Double> millis = new ArrayList<>();
    for (int change = 1; change <= UNMEASURED + MEASURED; change++) {
      long began = writer.perform(new LoadTask.Change(WATCHED, 1), Long.class);
      double took = (crowd.awaitEvents(change) - began) / MILLI;
      if (change > UNMEASURED) {
        millis.add(took);
      }
    }
    return millis;
  }
}
