package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;

/** The ephemeral znodes of the session. */
final class Ephemerals implements Verb {
  private final Syntax syntax =
      Syntax.named("getEphemerals")
          .takes("[path]")
          .does("Lists this session's ephemeral znodes, or those whose paths begin so.")
          .path(0, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String prefix = arguments.wordIfAny(0).orElse("/");
    return new Command.Work(
        prefix,
        (ensemble, output) -> {
          ImmutableList<String> paths = Answer.ofRead(ensemble.session().ephemerals(prefix));
          output.reply(
              new TextReply(
                  ImmutableList.of("[" + String.join(", ", paths) + "]"),
                  ImmutableMap.of("path", prefix, "ephemerals", paths)));
        });
  }
}
