package io.quoll.cli.verb;

import io.quoll.cli.reply.StatReply;
import io.quoll.cli.tree.Answer;
import io.quoll.client.Applied;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import java.util.Optional;

/** A znode's stat. */
final class Stat implements Verb {
  private final Syntax syntax =
      Syntax.named("stat")
          .takes("[-w] path")
          .does("Prints a znode's stat; -w watches for the next change, or for the znode to come.")
          .flags("-w")
          .path(1, 2)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    if (arguments.wantsWatch()) {
      return new Command.Watching(
          path,
          (ensemble, output) ->
              output.reply(
                  reply(path, Answer.ofRead(ensemble.session().exists(path, ensemble.watcher())))));
    }
    return new Command.Question(
        path, tree -> tree.exists(path).thenApply(found -> reply(path, found)));
  }

  private static StatReply reply(String path, Optional<io.quoll.client.Stat> found) {
    return new StatReply(path, found.orElseThrow(() -> missing(path)), true);
  }

  private static QuollException missing(String path) {
    return new QuollException(ErrorCode.NO_NODE, path, Applied.NO, "no znode at " + path, null);
  }
}
