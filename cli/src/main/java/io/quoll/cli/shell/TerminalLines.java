package io.quoll.cli.shell;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.shell.Completion.Choice;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;

/**
 * Lines that somebody types on a terminal, with history and completion. Ctrl-C clears the line, or
 * interrupts the shell's thread if a command is under way; Ctrl-D is the end.
 */
public final class TerminalLines implements Lines {
  private final Terminal terminal;
  private final LineReaderImpl reader;
  private final KeptHistory history = new KeptHistory();
  private volatile Supplier<String> prompt = () -> "";

  /**
   * The lines of a terminal, which is closed with them.
   *
   * @param historyFile where to keep the history; empty to forget it
   */
  public TerminalLines(Terminal terminal, Completion completion, Optional<Path> historyFile)
      throws IOException {
    this.terminal = terminal;
    this.reader = new LineReaderImpl(terminal, "quoll");
    reader.setParser(new LineParser());
    reader.setCompleter(
        (ignored, line, candidates) -> complete(completion, (ParsedLine) line, candidates));
    historyFile.ifPresent(file -> reader.setVariable(LineReader.HISTORY_FILE, file));
    reader.setVariable(LineReader.HISTORY_SIZE, HistoryFile.LINES_MAX);
    reader.setVariable(LineReader.HISTORY_FILE_SIZE, HistoryFile.LINES_MAX);
    reader.setHistory(history);
    reader.setVariable(LineReader.BELL_STYLE, "none");
    reader.option(Option.DISABLE_EVENT_EXPANSION, true); // Data may well have a "!" in it.
    reader.option(Option.COMPLETE_MATCHER_TYPO, false);
    reader.option(Option.AUTO_MENU, false); // A menu would hold up what is to be printed above.
    reader.getWidgets().put(LineReader.CALLBACK_INIT, this::showPrompt);
    Thread shell = Thread.currentThread();
    terminal.handle(Signal.INT, signal -> interrupt(shell));
  }

  /** What is printed next is not to stand behind the {@code ^C}. */
  private void interrupt(Thread shell) {
    terminal.writer().println();
    terminal.flush();
    shell.interrupt();
  }

  /**
   * The lines of the terminal that this process runs on, if it reads from one.
   *
   * @param home where to keep the history
   */
  public static Optional<Lines> ofThisProcess(Completion completion, Path home) throws IOException {
    Terminal terminal = TerminalBuilder.builder().name("quoll").system(true).dumb(true).build();
    // There is no terminal. This stand-in is not closed, for it would take the input with it.
    return terminal instanceof DumbTerminal
        ? Optional.empty()
        : Optional.of(new TerminalLines(terminal, completion, HistoryFile.in(home)));
  }

  @Override
  public boolean isTerminal() {
    return true;
  }

  @Override
  public Optional<String> next(Supplier<String> asked) {
    prompt = asked;
    while (true) {
      try {
        return Optional.of(reader.readLine(""));
      } catch (UserInterruptException cleared) {
        // The next line, then.
      } catch (EndOfFileException end) {
        return Optional.empty();
      }
    }
  }

  @Override
  public void keep(String line) {
    history.keep(line);
  }

  @Override
  public void above(String text) {
    reader.printAbove(text);
  }

  @Override
  public void promptChanged() {
    showPrompt();
    try {
      reader.callWidget(LineReader.REDISPLAY);
    } catch (IllegalStateException notTyping) {
      // Then the next prompt will be as it is by then.
    }
  }

  /** What is shown is never older than what another thread showed before. */
  private synchronized boolean showPrompt() {
    reader.setPrompt(escaped(prompt.get()));
    return true;
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }

  private static void complete(Completion completion, ParsedLine line, List<Candidate> candidates) {
    ImmutableList<String> before = ImmutableList.copyOf(line.words().subList(0, line.wordIndex()));
    String typed = line.word().substring(0, line.wordCursor());
    for (Choice choice : completion.choices(before, typed)) {
      String word = choice.word();
      candidates.add(new Candidate(word, word, null, null, null, null, choice.isWhole()));
    }
  }

  /** In prompts the reader takes a percent sign for the beginning of a pattern. */
  private static String escaped(String prompt) {
    return prompt.replace("%", "%%");
  }

  /** Leaves it to the shell what is kept, which knows what lines mean. */
  private static final class KeptHistory extends DefaultHistory {
    @Override
    public void add(Instant time, String line) {
      // The reader offers each line as it was typed.
    }

    void keep(String line) {
      super.add(Instant.now(), line);
    }
  }
}
