package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.DataReply;

/** A znode's data. */
final class Get implements Verb {
  private final Syntax syntax =
      new Syntax("get", "[-s] path", ImmutableList.of("-s"), ImmutableList.of(), 1, 2);

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
        path, client -> client.data(path).thenApply(found -> new DataReply(path, found, withStat)));
  }
}
