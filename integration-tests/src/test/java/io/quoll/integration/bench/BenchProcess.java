package io.quoll.integration.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that ends with this one at the latest. Confined to one thread. */
final class BenchProcess {
  private static final Duration STOP_MAX = Duration.ofSeconds(60);

  private final Process process;

  private BenchProcess(Process process) {
    this.process = process;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts a process whose errors, and unless they are piped its answers, go to {@code log}. */
  static BenchProcess start(ProcessBuilder command, Path log, boolean isPiped) {
    ProcessBuilder.Redirect toLog = ProcessBuilder.Redirect.appendTo(log.toFile());
    command.redirectError(toLog);
    if (!isPiped) {
      command.redirectOutput(toLog).redirectInput(ProcessBuilder.Redirect.from(nothing()));
    }
    try {
      return new BenchProcess(command.start());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static java.io.File nothing() {
    return Path.of("/dev/null").toFile();
  }

  Process process() {
    return process;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Usage usage() {
    return Usage.of(process.pid());
  }

  /** Asks it to stop, and kills it if it does not. */
  void stop() {
    process.destroy();
    if (!hasEnded(STOP_MAX)) {
      kill();
    }
  }

  /** Ends it by SIGKILL. */
  void kill() {
    process.destroyForcibly();
    if (!hasEnded(STOP_MAX)) {
      throw new IllegalStateException("process " + process.pid() + " cannot be killed");
    }
  }

  private boolean hasEnded(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
