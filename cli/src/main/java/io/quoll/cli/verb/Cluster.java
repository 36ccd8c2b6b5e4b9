package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.ClusterReply;

/** What is about the ensemble and not about its tree. */
final class Cluster implements Verb {
  private final Syntax syntax =
      new Syntax("cluster", "status", ImmutableList.of(), ImmutableList.of(), 1, 1);

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    if (!arguments.word(0).equals("status")) {
      throw new UsageException(syntax.usage());
    }
    return new Command.Question("", client -> client.status().thenApply(ClusterReply::new));
  }
}
