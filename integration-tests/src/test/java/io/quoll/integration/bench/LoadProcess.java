package io.quoll.integration.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.quoll.cli.bench.LoadResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The process that puts load on an ensemble, as others see it. Confined to one thread. */
final class LoadProcess implements AutoCloseable {
  private final ObjectMapper mapper = new ObjectMapper();
  private final BenchProcess process;
  private final PrintStream requests;
  private final BufferedReader answers;

  private LoadProcess(BenchProcess process) {
    this.process = process;
    this.requests =
        new PrintStream(process.process().getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers = process.process().inputReader(StandardCharsets.UTF_8);
  }

  /** Starts the process, which logs to {@code log}. */
  static LoadProcess start(
      Product product, String connectString, ImmutableList<String> jvmArguments, Path log) {
    ImmutableList<String> command =
        ImmutableList.<String>builder()
            .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .addAll(jvmArguments)
            .add("-cp", System.getProperty("java.class.path"))
            .add(LoadMain.class.getName(), product.name(), connectString)
            .build();
    return new LoadProcess(BenchProcess.start(new ProcessBuilder(command), log, true));
  }

  /** Has a workload run, and tells what came of it. */
  LoadResult run(LoadTask.Run task, Runnable measuring, Runnable measured) {
    return perform(task, LoadResult.class, measuring, measured);
  }

  /** Has a task done that measures nothing on the way, and tells what it answers. */
  <T> T perform(LoadTask task, Class<T> answer) {
    return perform(task, answer, () -> {}, () -> {});
  }

  /**
   * Has a task done and waits for its end.
   *
   * @param measuring is run when what is answered begins to be measured
   * @param measured is run when it ends to be
   */
  <T> T perform(LoadTask task, Class<T> answer, Runnable measuring, Runnable measured) {
    try {
      requests.println(mapper.writeValueAsString(task));
      while (true) {
        String line = next(task);
        switch (line) {
          case LoadMain.MEASURING -> measuring.run();
          case LoadMain.MEASURED -> measured.run();
          default -> {
            return mapper.readValue(line, answer);
          }
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String next(LoadTask task) throws IOException {
    String line = answers.readLine();
    if (line == null || line.startsWith(LoadMain.FAILED)) {
      throw new IllegalStateException(
          "%s: %s; see the log of the clients"
              .formatted(task, line == null ? "their process ended" : line));
    }
    return line;
  }

  Usage usage() {
    return process.usage();
  }

  /** Lets it end in order, which also writes what its JVM records. */
  @Override
  public void close() {
    requests.close();
    process.stop();
  }
}
