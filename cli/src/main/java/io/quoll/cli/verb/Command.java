package io.quoll.cli.verb;

import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.Reply;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.tree.Tree;
import io.quoll.client.Write;
import io.quoll.client.WriteResult;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A command whose words were understood, and which was not run yet. */
public sealed interface Command {
  /** The path that the command is about, for its errors; empty if it is about none. */
  default String path() {
    return "";
  }

  /** One write, which may be done together with others. */
  record Change(Write write, Function<WriteResult, Reply> reply) implements Command {
    @Override
    public String path() {
      return write.path();
    }
  }

  /** A call that changes nothing, and may be under way together with others. */
  record Question(@Override String path, Function<Tree, CompletableFuture<? extends Reply>> start)
      implements Command {}

  /** Any other work with the ensemble, done alone. */
  record Work(@Override String path, Task task) implements Command {}

  /** Work that leaves a watch, which lasts as long as the session. */
  record Watching(@Override String path, Task task) implements Command {}

  /** What the tool knows by itself. */
  record Known(Reply reply) implements Command {}

  /** What is about the shell that the command was typed into. */
  record Inner(Order order) implements Command {}

  /** The end of the session that the shell holds; the end of a script. */
  record Close() implements Command {}

  /** The end of the shell, or of a script. */
  record Quit() implements Command {}

  /** What a {@link Work} does. */
  interface Task {
    /** Does it, and prints. */
    void run(Ensemble ensemble, Output output);
  }

  /** What an {@link Inner} does. */
  interface Order {
    /**
     * Does it, and tells what there is to say.
     *
     * @throws UsageException if that cannot be done
     */
    void give(Desk desk, Output output);
  }
}
