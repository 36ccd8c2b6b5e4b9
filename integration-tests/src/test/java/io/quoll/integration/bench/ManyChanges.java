package io.quoll.integration.bench;

import com.google.common.collect.ImmutableMap;

/** Many changes, a hundred of them in flight, each of which some sessions watch. */
record ManyChanges(int changes, int sessions) implements Scenario {
  private static final Metric RATE = Metric.of("events_per_s", Bound.ratioAtLeast(3.0));

  private static final String WATCHED = "/watched";
  private static final double SECOND = 1e9;

  @Override
  public String name() {
    return "changes-%sx%s".formatted(Count.text(changes), Count.text(sessions));
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
      double unmeasured = eventsPerSecond(writer, crowd, 1); // Warms up what tells events.
      stage.progress().say("%,.0f events/s before they are measured".formatted(unmeasured));
      return ImmutableMap.of(RATE, eventsPerSecond(writer, crowd, 2));
    }
  }

  private double eventsPerSecond(LoadProcess writer, Crowd crowd, int time) {
    long began = writer.perform(new LoadTask.Change(WATCHED, changes), Long.class);
    double seconds = (crowd.awaitEvents(changes * time) - began) / SECOND;
    return (double) changes * sessions / seconds;
  }
}
