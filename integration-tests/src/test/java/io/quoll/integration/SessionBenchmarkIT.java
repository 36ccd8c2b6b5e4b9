package io.quoll.integration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs the benchmark where Maven is asked for it. */
@EnabledIfSystemProperty(named = "quoll.benchmark", matches = "true")
class SessionBenchmarkIT {
  @Test
  void idleSessionsAndTheirWatchesAreMeasured() {
    SessionBenchmark.main(new String[0]);
  }
}
