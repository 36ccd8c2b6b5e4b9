package io.quoll.integration.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the benchmark runs on. */
final class Machine {
  private static final Path LOAD = Path.of("/proc/loadavg");

  private Machine() {}

  /** A line about the machine and the software. */
  static String describe() {
    return "%s %s, %d processors, Java %s, Quoll %s, load average now %s%n"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"),
            System.getProperty("quoll.commit", "of an unknown commit"),
            loadAverage());
  }

  private static String loadAverage() {
    try {
      return Files.readString(LOAD).split(" ", 2)[0];
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
