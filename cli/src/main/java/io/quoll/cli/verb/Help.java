package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.TextReply;

/** The verbs and what they take, or one of them. */
final class Help implements Verb {
  private final Syntax syntax =
      new Syntax("help", "[verb]", ImmutableList.of(), ImmutableList.of(), 0, 1);
  private final Verbs verbs;

  Help(Verbs verbs) {
    this.verbs = verbs;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    ImmutableList<String> lines =
        arguments
            .wordIfAny(0)
            .map(verb -> ImmutableList.of(verbs.require(verb).syntax().usage()))
            .orElseGet(verbs::usages);
    return new Command.Known(new TextReply(lines, ImmutableMap.of("usage", lines)));
  }
}
