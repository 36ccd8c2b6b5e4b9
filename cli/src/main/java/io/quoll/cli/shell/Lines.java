package io.quoll.cli.shell;

import java.io.IOException;
import java.util.Optional;

/** Where the shell's lines come from. Confined to the shell's thread, but for what says else. */
public interface Lines extends AutoCloseable {
  /** Whether somebody types the lines, who wants to see a prompt and what happens meanwhile. */
  boolean isTerminal();

  /** The next line, or empty at the end. */
  Optional<String> next(String prompt) throws IOException;

  /** Prints whole lines above the one that is being typed. Thread-safe. */
  void above(String text);

  /** Gives the line that is being typed, if one is, another prompt. Thread-safe. */
  void prompt(String prompt);

  @Override
  void close() throws IOException;

  /** How the lines are opened, once it is known what completes them. */
  interface Source {
    /** Opens the lines. */
    Lines open(Completion completion) throws IOException;
  }
}
