package io.quoll.cli.verb;

import io.quoll.cli.reply.DataReply;
import io.quoll.cli.tree.Answer;
import io.quoll.client.ZnodeData;

/** A znode's data. */
final class Get implements Verb {
  private final Syntax syntax =
      Syntax.named("get")
          .takes("[-s] [-w] path")
          .does("Prints a znode's data, -s its stat too; -w watches for the next change.")
          .flags("-s", "-w")
          .path(1, 2)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    boolean withStat = arguments.has("-s");
    if (arguments.wantsWatch()) {
      return new Command.Watching(
          path,
          (ensemble, output) -> {
            ZnodeData found = Answer.ofRead(ensemble.session().data(path, ensemble.watcher()));
            output.reply(new DataReply(path, found, withStat));
          });
    }
    return new Command.Question(
        path, tree -> tree.data(path).thenApply(found -> new DataReply(path, found, withStat)));
  }
}
