package io.quoll.cli.shell;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the shell's lines come from. Confined to the shell's thread, but for what says else. */
public interface Lines extends AutoCloseable {
  /** Whether somebody types the lines, who wants to see a prompt and what happens meanwhile. */
  boolean isTerminal();

  /**
   * The next line, or empty at the end.
   *
   * @param prompt what the prompt is now; asked again whenever it may have changed, by any thread
   */
  Optional<String> next(Supplier<String> prompt) throws IOException;

  /** Offers a line to whoever types again, if somebody does. */
  void keep(String line);

  /** Prints whole lines above the one that is being typed. Thread-safe. */
  void above(String text);

  /** The prompt may have changed, of the line that is being typed too. Thread-safe. */
  void promptChanged();

  @Override
  void close() throws IOException;

  /** How the lines are opened, once it is known what completes them. */
  interface Source {
    /** Opens the lines. */
    Lines open(Completion completion) throws IOException;
  }
}
