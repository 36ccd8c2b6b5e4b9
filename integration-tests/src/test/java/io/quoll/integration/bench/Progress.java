package io.quoll.integration.bench;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Tells whoever waits how it goes on, beside the results. */
final class Progress {
  private final PrintStream stream;

  Progress(PrintStream stream) {
    this.stream = stream;
  }

  void say(String line) {
    stream.println(
        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + line);
  }
}
