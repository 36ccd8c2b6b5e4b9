package io.quoll.cli.verb;

import io.quoll.cli.reply.TextReply;

/** How many znodes there are below a znode, at any depth. */
final class CountAll implements Verb {
  private final Syntax syntax =
      Syntax.named("getAllChildrenNumber")
          .takes("path")
          .does("Counts the znodes below a znode, at any depth.")
          .path(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    return new Command.Question(
        path,
        tree -> tree.countDescendants(path).thenApply(count -> TextReply.of(path, "count", count)));
  }
}
