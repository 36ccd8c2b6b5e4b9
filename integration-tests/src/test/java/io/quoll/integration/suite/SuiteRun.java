package io.quoll.integration.suite;

import com.google.errorprone.annotations.FormatMethod;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/**
 * One run of a suite: it says its seed first and its verdict last, and keeps all that it says, with
 * what else there is to see, in a folder that it names. Thread-safe.
 */
public final class SuiteRun {
  private static final int HELD = 0;
  private static final int FAILED = 1;

  private final SuiteOptions options;
  private final Path folder;
  private final PrintStream out;
  private final long startNanos = System.nanoTime();

  private SuiteRun(SuiteOptions options, Path folder, PrintStream out) {
    this.options = options;
    this.folder = folder;
    this.out = out;
  }

  /** Begins a run, whose folder is made. */
  public static SuiteRun begin(SuiteOptions options) {
    try {
      Path folder = Files.createDirectories(options.folder()).toRealPath();
      SuiteRun run = new SuiteRun(options, folder, System.out);
      run.say(
          "%s: seed %d, Quoll %s, evidence in %s",
          options.suite(),
          options.seed(),
          System.getProperty("quoll.commit", "of an unknown commit"),
          folder);
      return run;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What was asked for. */
  public SuiteOptions options() {
    return options;
  }

  /** Where the evidence goes. */
  public Path folder() {
    return folder;
  }

  /** Whether the time that the run was given is over. */
  public boolean isOver() {
    return elapsed().compareTo(options.duration()) >= 0;
  }

  /** How long it has run. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Prints a line, and keeps it. */
  @FormatMethod
  public synchronized void say(String format, Object... values) {
    String line = Instant.now() + " " + format.formatted(values);
    out.println(line);
    append("run.log", line + "\n");
  }

  /** Keeps a text in a file of the folder, behind what is there. */
  public synchronized void append(String file, String text) {
    try {
      Files.writeString(
          folder.resolve(file),
          text,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Says the verdict, and returns the status with which the process is to end. */
  public int end(boolean held, String summary) {
    say("%s: %s; seed %d, %d s", options.suite(), summary, options.seed(), elapsed().toSeconds());
    say("%s", held ? "VERDICT: held" : "VERDICT: FAILED");
    return held ? HELD : FAILED;
  }
}
