package io.quoll.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of {@code api/examples} while it runs. Closing it kills it. */
final class ExampleProcess implements AutoCloseable {
  private static final Duration LINE_MAX = Duration.ofSeconds(60);
  private static final int EXIT_SECONDS_MAX = 30;

  private final Process process;
  private final Path output;

  private ExampleProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts {@code command}, whose output goes to {@code output}. */
  static ExampleProcess start(List<String> command, Map<String, String> environment, Path output) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    try {
      return new ExampleProcess(builder.start(), output);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Waits until a line that it printed is matched by {@code pattern}. */
  void awaitLine(String pattern) {
    await("a line that matches " + pattern)
        .atMost(LINE_MAX)
        .pollInterval(Duration.ofMillis(50))
        .failFast("it ended, see " + output, () -> !process.isAlive() && !hasLine(pattern))
        .until(() -> hasLine(pattern));
  }

  private boolean hasLine(String pattern) {
    return lines().stream().anyMatch(line -> line.matches(pattern));
  }

  /** What it printed so far. */
  List<String> lines() {
    try {
      return Files.readString(output, UTF_8).lines().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Ends its standard input, and with it the program, which must be content. */
  void finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    assertThat(process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("the exit status; see %s", output).isZero();
  }

  /** Ends it by SIGKILL: its session is left to its timeout. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }
}
