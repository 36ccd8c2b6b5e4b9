package io.quoll.cli.verb;

import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;
import io.quoll.client.WatchKind;
import java.util.Map;

/**
 * Removes watches. The flag {@code -l}, by which ZooKeeper's shell forgets a watch without a
 * server, is taken and does nothing: the session waits for its server.
 */
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
              "Removes the watches on a path: those of children, data, persistent, recursive, all.")
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
    return new Command.Work(
        path,
        (ensemble, output) -> {
          Answer.ofRead(ensemble.session().removeWatches(path, kind));
          output.reply(TextReply.done(path, "removed", kind.name()));
        });
  }
}
