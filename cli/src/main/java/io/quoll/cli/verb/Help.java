package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.TextReply;

/** The verbs and what they take, or one of them. */
final class Help implements Verb {
  private final Syntax syntax =
      Syntax.named("help")
          .takes("[verb]")
          .does("Lists all verbs, or says what one does.")
          .words(0, 1)
          .naming(Operand.VERB)
          .build();
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
        arguments.wordIfAny(0).map(verb -> about(verbs.syntax(verb))).orElseGet(verbs::usages);
    return new Command.Known(new TextReply(lines, ImmutableMap.of("usage", lines)));
  }

  private static ImmutableList<String> about(Syntax syntax) {
    return ImmutableList.of(syntax.usage(), "  " + syntax.summary());
  }
}
