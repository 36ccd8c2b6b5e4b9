package io.quoll.cli.verb;

import io.quoll.cli.reply.DataReply;

/** A znode's data. */
final class Get implements Verb {
  private final Syntax syntax =
      Syntax.named("get")
          .takes("[-s] path")
          .does("Prints a znode's data; -s its stat too.")
          .flags("-s")
          .path(1, 2)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    arguments.ignoreWatch(1);
    boolean withStat = arguments.has("-s");
    return new Command.Question(
        path, tree -> tree.data(path).thenApply(found -> new DataReply(path, found, withStat)));
  }
}
