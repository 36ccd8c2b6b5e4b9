package io.quoll.cli.verb;

import io.quoll.cli.reply.StatReply;
import io.quoll.client.Applied;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;

/** A znode's stat. */
final class Stat implements Verb {
  private final Syntax syntax =
      Syntax.named("stat").takes("path").does("Prints a znode's stat.").path(1, 2).build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    arguments.ignoreWatch(1);
    return new Command.Question(
        path,
        tree ->
            tree.exists(path)
                .thenApply(
                    found -> new StatReply(path, found.orElseThrow(() -> missing(path)), true)));
  }

  private static QuollException missing(String path) {
    return new QuollException(ErrorCode.NO_NODE, path, Applied.NO, "no znode at " + path, null);
  }
}
