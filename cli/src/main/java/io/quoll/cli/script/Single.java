package io.quoll.cli.script;

import io.quoll.cli.reply.Output;
import io.quoll.cli.tree.Answer;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.tree.Tree;
import io.quoll.cli.verb.Command;
import io.quoll.cli.verb.UsageException;
import io.quoll.client.Created;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import io.quoll.client.Write;
import io.quoll.client.WriteResult;
import java.util.List;

/** Runs one command alone and waits for it. Thread-safe. */
public record Single(Ensemble ensemble) {
  /**
   * Runs the command and prints what it says.
   *
   * @throws QuollException if it fails
   * @throws UsageException if it is about a shell, and there is none
   */
  public void run(Command command, Output output) {
    if (command instanceof Command.Change change) {
      output.reply(change.reply().apply(write(change.write())));
    } else if (command instanceof Command.Question question) {
      output.reply(Answer.ofRead(question.start().apply(ensemble.tree())));
    } else if (command instanceof Command.Work work) {
      work.task().run(ensemble, output);
    } else if (command instanceof Command.Watching watching) {
      watching.task().run(ensemble, output);
    } else if (command instanceof Command.Known known) {
      output.reply(known.reply());
    } else if (command instanceof Command.Inner) {
      throw new UsageException("that works only in the shell, which quoll is without a command");
    }
  }

  private WriteResult write(Write write) {
    Tree tree = ensemble.treeFor(List.of(write));
    if (write instanceof Write.Create create) {
      Created created = Answer.of(tree.create(create));
      return new WriteResult(ErrorCode.OK, "", created.path(), created.stat());
    }
    if (write instanceof Write.SetData set) {
      return new WriteResult(
          ErrorCode.OK,
          "",
          "",
          Answer.of(tree.setData(set.path(), set.data(), set.expectedVersion())));
    }
    if (write instanceof Write.Delete delete) {
      Answer.of(tree.delete(delete.path(), delete.expectedVersion()));
      return new WriteResult(ErrorCode.OK, "", "", null);
    }
    throw new IllegalArgumentException("no verb makes " + write);
  }
}
