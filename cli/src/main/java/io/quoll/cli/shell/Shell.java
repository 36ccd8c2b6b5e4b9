package io.quoll.cli.shell;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.WatchPrinter;
import io.quoll.cli.script.Single;
import io.quoll.cli.script.Words;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.tree.Tree;
import io.quoll.cli.verb.Command;
import io.quoll.cli.verb.Desk;
import io.quoll.cli.verb.UnknownVerbException;
import io.quoll.cli.verb.UsageException;
import io.quoll.cli.verb.Verbs;
import io.quoll.client.QuollException;
import io.quoll.client.WatchHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands that somebody types, one after the other, all of them in one session.
 *
 * <p>Confined to one thread, but for the prompt, which changes with the session.
 */
public final class Shell implements Desk, AutoCloseable {
  /** How long whoever asks for a completion waits for the names of znodes. */
  private static final Duration COMPLETION_PATIENCE = Duration.ofSeconds(1);

  private final Verbs verbs;
  private final Output output;
  private final Opener opener;
  private final WatchPrinter printer;
  private final CommandHistory history = new CommandHistory();
  private volatile @Nullable Lines lines;
  private volatile @Nullable Connection connection;
  private volatile int number;
  private boolean isForPeople;
  private boolean isOver;

  /** A shell that has no session yet. */
  public Shell(Verbs verbs, Output output, Opener opener) {
    this.verbs = verbs;
    this.output = output;
    this.opener = opener;
    this.printer = new WatchPrinter(output);
  }

  /**
   * Opens a session and runs all lines, up to {@code quit} or the end. Somebody who types gets to
   * type even if no server answers yet.
   */
  public void run(Lines.Source source) throws IOException {
    PathCompletion paths = new PathCompletion(this::tree, COMPLETION_PATIENCE);
    try (Lines opened = source.open(new VerbCompletion(verbs, paths))) {
      lines = opened;
      isForPeople = opened.isTerminal();
      if (isForPeople) {
        output.showBesideOn(opened::above);
      }
      connect("");
      isOver = output.hasFailed() && !isForPeople;
      output.flush();
      while (!isOver) {
        number = history.next();
        Optional<String> line = opened.next(this::prompt);
        if (line.isEmpty()) {
          break;
        }
        type(line.get());
        output.flush();
      }
    } finally {
      lines = null;
    }
  }

  /** Whether somebody typed the lines, and saw what became of each. */
  public boolean isForPeople() {
    return isForPeople;
  }

  private Optional<Tree> tree() {
    return Optional.ofNullable(connection).map(present -> present.ensemble().treeAtOnce());
  }

  private String prompt() {
    Connection present = connection;
    String title = present == null ? opener.servers() + "(CLOSED)" : present.title();
    return "[quoll: " + title + " " + number + "] ";
  }

  private void promptAnew() {
    Lines present = lines;
    if (present != null) {
      present.promptChanged();
    }
  }

  private void type(String line) {
    if (line.isBlank()) {
      return;
    }
    String kept = keepable(line);
    history.add(kept);
    Lines present = lines;
    if (present != null) {
      present.keep(kept);
    }
    run(line);
    Thread.interrupted(); // Whoever interrupted the command did not mean the next one.
  }

  /** The line without what a verb is told in confidence. */
  private String keepable(String line) {
    ImmutableList<Words.Word> words = Words.soFar(line);
    if (words.size() < 2 || !verbs.names().contains(words.get(0).text())) {
      return line;
    }
    boolean isSecret = verbs.syntax(words.get(0).text()).isSecret();
    return isSecret ? line.substring(0, words.get(0).end()) + " ***" : line;
  }

  private void run(String line) {
    try {
      ImmutableList<String> words = Words.of(line);
      if (!words.isEmpty()) {
        run(verbs.parse(words, output::notice));
      }
    } catch (UsageException | UnknownVerbException wrong) {
      output.error("", String.valueOf(wrong.getMessage()));
    }
  }

  private void run(Command command) {
    if (command instanceof Command.Quit) {
      isOver = true;
    } else if (command instanceof Command.Close) {
      close();
    } else if (command instanceof Command.Inner inner) {
      inner.order().give(this, output);
    } else if (command instanceof Command.Known known) {
      output.reply(known.reply());
    } else {
      runInSession(command);
    }
  }

  private void runInSession(Command command) {
    Connection present = connection;
    if (present == null) {
      throw new UsageException("Not connected");
    }
    try {
      new Single(present.opened()).run(command, output);
    } catch (QuollException failure) {
      output.error("", command.path(), failure);
      if (present.isOver()) {
        output.notice("\"connect\" opens another session");
      }
    }
  }

  @Override
  public ImmutableSortedMap<Integer, String> history() {
    return history.last();
  }

  @Override
  public void redo(int earlier) {
    run(history.redo(earlier));
  }

  @Override
  public void connect(String servers) {
    Ensemble next = opener.open(servers, printer);
    close();
    Connection begun = Connection.begin(next, printer, this::promptAnew);
    connection = begun;
    try {
      var unused = begun.opened();
    } catch (QuollException failure) {
      output.error("", "", failure);
    }
  }

  @Override
  public boolean printsWatches() {
    return printer.isOn();
  }

  @Override
  public void printWatches(boolean on) {
    printer.turn(on);
  }

  /** Closes the session, if there is one. */
  @Override
  public void close() {
    Connection present = connection;
    if (present != null) {
      present.close();
      connection = null;
    }
  }

  /** Opens sessions. */
  public interface Opener {
    /** The servers of the session that was opened last. */
    String servers();

    /**
     * The ensemble to open the next session with.
     *
     * @param servers as on the command line; empty for those of before
     * @throws UsageException if that is not how servers are told
     */
    Ensemble open(String servers, WatchHandler watcher);
  }
}
