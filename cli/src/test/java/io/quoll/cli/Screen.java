package io.quoll.cli;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.quoll.cli.shell.TerminalLines;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.jline.builtins.ScreenTerminal;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;

/** The tool on a terminal of 100 columns and 40 rows, with somebody who types and looks. */
final class Screen implements AutoCloseable {
  private final ScreenTerminal seen = new ScreenTerminal(100, 40);
  private final PipedOutputStream keys = new PipedOutputStream();
  private final Terminal terminal;
  private final CompletableFuture<Integer> exitCode;

  private Screen(Optional<Path> historyFile, String[] args) throws IOException {
    this.terminal =
        new ExternalTerminal(
            "test", "screen", new PipedInputStream(keys), new Glass(), StandardCharsets.UTF_8);
    terminal.setSize(new Size(100, 40));
    Tool tool =
        new Tool(
            System.in,
            completion -> new TerminalLines(terminal, completion, historyFile),
            terminal.output(),
            terminal.output(),
            ZoneId.of("UTC"),
            "1.2.3",
            Map.of());
    this.exitCode =
        CompletableFuture.supplyAsync(
            () -> tool.run(args), task -> Executors.newSingleThreadExecutor().execute(task));
  }

  /** Starts a shell that forgets its history. */
  static Screen at(String servers) {
    return open(Optional.empty(), "-server", servers);
  }

  /** Starts a shell that keeps its history in a file. */
  static Screen at(String servers, Path historyFile) {
    return open(Optional.of(historyFile), "-server", servers);
  }

  private static Screen open(Optional<Path> historyFile, String... args) {
    try {
      return new Screen(historyFile, args);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Types keys: {@code \t} is the tab, {@code \r} the return. */
  Screen type(String text) {
    try {
      keys.write(text.getBytes(StandardCharsets.UTF_8));
      keys.flush();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
    return this;
  }

  /** Waits until the screen shows the text, blanks at the ends of lines left out. */
  Screen awaitText(String text) {
    Awaitility.await()
        .atMost(30, SECONDS)
        .conditionEvaluationListener(null)
        .until(this::text, shown -> shown.contains(text));
    return this;
  }

  /** What the screen shows. */
  String text() {
    StringBuilder lines = new StringBuilder();
    seen.toString().lines().forEach(line -> lines.append(line.stripTrailing()).append('\n'));
    return lines.toString();
  }

  /** Waits for the end of the tool. */
  int exitCode() {
    return exitCode.orTimeout(30, SECONDS).join();
  }

  @Override
  public void close() {
    if (!exitCode.isDone()) {
      type("\u0015\u0004"); // Clears the line first.
      int unused = exitCode();
    }
  }

  /** Shows what is written, once a character is whole. */
  private final class Glass extends OutputStream {
    @Override
    public void write(int c) {
      seen.write(Character.toString((char) (c & 0xff))); // The tests show ASCII.
    }
  }
}
