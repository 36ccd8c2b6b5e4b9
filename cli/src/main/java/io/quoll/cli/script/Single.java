package io.quoll.cli.script;

import io.quoll.cli.reply.Output;
import io.quoll.cli.verb.Command;
import io.quoll.client.Created;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.Write;
import io.quoll.client.WriteResult;

/** Runs one command alone and waits for it. Thread-safe. */
public record Single(QuollClient client) {
  /**
   * Runs the command and prints what it says.
   *
   * @throws QuollException if it fails
   */
  public void run(Command command, Output output) {
    if (command instanceof Command.Change change) {
      output.reply(change.reply().apply(write(change.write())));
    } else if (command instanceof Command.Question question) {
      try {
        output.reply(question.start().apply(client.async()).join());
      } catch (RuntimeException failed) {
        throw QuollException.in(failed);
      }
    } else if (command instanceof Command.Work work) {
      work.task().run(client, output);
    } else if (command instanceof Command.Known known) {
      output.reply(known.reply());
    }
  }

  private WriteResult write(Write write) {
    if (write instanceof Write.Create create) {
      Created created = client.create(create.path(), create.data(), create.mode());
      return new WriteResult(ErrorCode.OK, "", created.path(), created.stat());
    }
    if (write instanceof Write.SetData set) {
      return new WriteResult(
          ErrorCode.OK, "", "", client.setData(set.path(), set.data(), set.expectedVersion()));
    }
    if (write instanceof Write.Delete delete) {
      client.delete(delete.path(), delete.expectedVersion());
      return new WriteResult(ErrorCode.OK, "", "", null);
    }
    throw new IllegalArgumentException("no verb makes " + write);
  }
}
