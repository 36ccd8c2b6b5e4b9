package io.quoll.cli.shell;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.quoll.cli.reply.Output;
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
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands that somebody types, one after the other, all of them in one session.
 *
 * <p>Confined to one thread.
 */
public final class Shell implements Desk, AutoCloseable {
  /** How long whoever asks for a completion waits for the names of znodes. */
  private static final Duration COMPLETION_PATIENCE = Duration.ofSeconds(1);

  private final Verbs verbs;
  private final Output output;
  private final Opener opener;
  private final CommandHistory history = new CommandHistory();
  private @Nullable Ensemble ensemble;
  private boolean isForPeople;
  private boolean isOver;

  /** A shell that has no session yet. */
  public Shell(Verbs verbs, Output output, Opener opener) {
    this.verbs = verbs;
    this.output = output;
    this.opener = opener;
  }

  /** Opens a session and runs all lines, up to {@code quit} or the end. */
  public void run(Lines.Source source) throws IOException {
    PathCompletion paths = new PathCompletion(this::tree, COMPLETION_PATIENCE);
    try (Lines lines = source.open(new VerbCompletion(verbs, paths))) {
      isForPeople = lines.isTerminal();
      if (isForPeople) {
        output.showBesideOn(lines::above);
      }
      connect("");
      while (!isOver) {
        Optional<String> line = lines.next(prompt());
        if (line.isEmpty()) {
          break;
        }
        type(line.get());
        output.flush();
      }
    }
  }

  /** Whether somebody typed the lines, and saw what became of each. */
  public boolean isForPeople() {
    return isForPeople;
  }

  private Optional<Tree> tree() {
    return Optional.ofNullable(ensemble).map(Ensemble::tree);
  }

  private String prompt() {
    return "[quoll: " + opener.servers() + "(CONNECTED) " + history.next() + "] ";
  }

  private void type(String line) {
    if (line.isBlank()) {
      return;
    }
    history.add(line);
    run(line);
    Thread.interrupted(); // Whoever interrupted the command did not mean the next one.
  }

  private void run(String line) {
    Command command;
    try {
      ImmutableList<String> words = Words.of(line);
      if (words.isEmpty()) {
        return;
      }
      command = verbs.parse(words, output::notice);
      run(command);
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
    } else if (ensemble == null) {
      throw new UsageException("Not connected");
    } else {
      runAt(ensemble, command);
    }
  }

  private void runAt(Ensemble present, Command command) {
    try {
      new Single(present).run(command, output);
    } catch (QuollException failure) {
      output.error("", command.path(), failure);
    }
  }

  @Override
  public ImmutableSortedMap<Integer, String> history() {
    return history.last();
  }

  @Override
  public void redo(int number) {
    String line = history.redo(number);
    run(line);
  }

  @Override
  public void connect(String servers) {
    close();
    ensemble = opener.open(servers);
  }

  @Override
  public boolean printsWatches() {
    return true;
  }

  @Override
  public void printWatches(boolean on) {}

  /** Closes the session, if there is one. */
  @Override
  public void close() {
    if (ensemble != null) {
      ensemble.close();
      ensemble = null;
    }
  }

  /** Opens sessions. */
  public interface Opener {
    /** The servers of the session that was opened last. */
    String servers();

    /**
     * Opens a session.
     *
     * @param servers as on the command line; empty for those of before
     * @throws UsageException if that is not how servers are told
     */
    Ensemble open(String servers);
  }
}
