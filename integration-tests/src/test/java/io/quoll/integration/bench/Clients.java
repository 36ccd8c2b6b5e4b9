package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.bench.Load;
import io.quoll.cli.bench.LoadObserver;
import io.quoll.cli.bench.LoadSession;
import io.quoll.cli.bench.LoadTarget;
import io.quoll.cli.bench.OpenSessions;
import io.quoll.cli.bench.Pipeline;
import io.quoll.cli.bench.Workload;
import java.time.Duration;

/** What tasks find in the process of the clients. Confined to one thread, but for the events. */
final class Clients {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final LoadTarget target;
  private final Load load;
  private final Events events = new Events();
  private ImmutableList<LoadSession> held = ImmutableList.of();
  private int bases;

  Clients(LoadTarget target, LoadObserver observer) {
    this.target = target;
    this.load = new Load(target, observer);
  }

  Load load() {
    return load;
  }

  /** A path that no task before was given. */
  String newBase() {
    bases++;
    return "/bench-" + bases;
  }

  /** Opens sessions and keeps them until the process ends. */
  void hold(int sessions) throws InterruptedException {
    held = OpenSessions.open(target::open, sessions, Workload.VALUE_BYTES, PATIENCE).all();
  }

  /** The sessions that are kept. */
  ImmutableList<LoadSession> held() {
    return held;
  }

  Pipeline pipeline(int inFlight) {
    return new Pipeline(inFlight, PATIENCE);
  }

  Events events() {
    return events;
  }
}
