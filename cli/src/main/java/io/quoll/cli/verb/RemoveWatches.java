package io.quoll.cli.verb;

import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.WatchKind;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Removes watches; with {@code -l} also while no server can be reached, and without waiting. */
final class RemoveWatches implements Verb {
  private static final ImmutableMap<String, WatchKind> KINDS =
      ImmutableMap.of(
          "-c", WatchKind.CHILDREN,
          "-d", WatchKind.DATA,
          "-p", WatchKind.PERSISTENT,
          "-r", WatchKind.PERSISTENT_RECURSIVE,
          "-a", WatchKind.ANY);

  private final Syntax syntax =
      Syntax.named("removewatches")
          .takes("path [-c|-d|-p|-r|-a] [-l]")
          .does(
              "Removes the watches on a path: those of children, data, persistent, recursive, all;"
                  + " -l without waiting for the server.")
          .flags("-c", "-d", "-p", "-r", "-a", "-l")
          .path(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    WatchKind kind =
        KINDS.entrySet().stream()
            .filter(flag -> arguments.has(flag.getKey()))
            .findFirst()
            .map(Map.Entry::getValue)
            .orElse(WatchKind.ANY);
    boolean isLocal = arguments.has("-l");
    return new Command.Work(
        path,
        (ensemble, output) -> {
          AsyncQuollSession session = ensemble.session();
          CompletableFuture<?> removed =
              isLocal ? session.forgetWatches(path, kind) : session.removeWatches(path, kind);
          // On the session's executor, so that the answer comes after what the watches are told.
          Answer.ofRead(removed.whenCompleteAsync((done, failure) -> {}, session.executor()));
          output.reply(TextReply.done(path, "removed", kind.name()));
        });
  }
}
