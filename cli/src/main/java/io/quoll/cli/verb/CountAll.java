package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.TextReply;

/** How many znodes there are below a znode, at any depth. */
final class CountAll implements Verb {
  private final Syntax syntax =
      new Syntax("getAllChildrenNumber", "path", ImmutableList.of(), ImmutableList.of(), 1, 1);

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    return new Command.Question(
        path,
        client ->
            client.countDescendants(path).thenApply(count -> TextReply.of(path, "count", count)));
  }
}
