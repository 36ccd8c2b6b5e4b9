package io.quoll.cli.script;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.Output;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.verb.Command;
import io.quoll.cli.verb.UnknownVerbException;
import io.quoll.cli.verb.UsageException;
import io.quoll.cli.verb.Verbs;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import java.io.BufferedReader;
import java.io.IOException;

/**
 * Runs commands line by line over one connection. Each line sees what the lines before it did and
 * nothing of those after it, and the answers come in the order of the lines; yet writes that follow
 * one another are done together, and so are reads. A line that fails is told by its number, and the
 * rest goes on, unless no server can be reached at all.
 *
 * <p>Confined to one thread.
 */
public final class Script {
  private final Verbs verbs;
  private final Output output;
  private final Single single;
  private final WriteRun writes;
  private final ReadRun reads;
  private int line;

  /** A script that talks to the ensemble. */
  public Script(Ensemble ensemble, Verbs verbs, Output output) {
    this.verbs = verbs;
    this.output = output;
    this.single = new Single(ensemble);
    this.writes = new WriteRun(ensemble, output);
    this.reads = new ReadRun(ensemble, output);
  }

  /** Runs all lines, up to {@code quit} or the end. */
  public void run(BufferedReader lines) throws IOException {
    try {
      boolean goesOn = true;
      while (goesOn) {
        if (!lines.ready()) { // Whoever types the lines wants to see the answers meanwhile.
          finishRuns();
          output.flush();
        }
        String text = lines.readLine();
        line++;
        goesOn = text != null && run(text);
      }
      finishRuns();
    } catch (AbandonedException abandoned) {
      output.error(Numbered.where(abandoned.line()), "", abandoned.failure());
      output.notice("the script was given up at line " + abandoned.line());
    }
  }

  private boolean run(String text) {
    try {
      ImmutableList<String> words = Words.of(text);
      return words.isEmpty() || run(verbs.parse(words, output::notice));
    } catch (UsageException | UnknownVerbException wrong) {
      finishRuns();
      output.error(Numbered.where(line), String.valueOf(wrong.getMessage()));
      return true;
    }
  }

  private boolean run(Command command) {
    if (command instanceof Command.Change change) {
      reads.finish();
      writes.add(new Numbered<>(line, change));
      return true;
    }
    writes.finish();
    if (command instanceof Command.Question question) {
      reads.add(new Numbered<>(line, question));
      return true;
    }
    reads.finish();
    runAlone(command);
    return !(command instanceof Command.Quit || command instanceof Command.Close);
  }

  private void runAlone(Command command) {
    try {
      single.run(command, output);
    } catch (QuollException failure) {
      if (failure.code() == ErrorCode.UNREACHABLE) {
        throw new AbandonedException(line, failure);
      }
      output.error(Numbered.where(line), command.path(), failure);
    }
  }

  private void finishRuns() {
    writes.finish();
    reads.finish();
  }
}
