package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.quoll.cli.reply.TextReply;

/** The last commands that were typed, with their numbers. */
final class History implements Verb {
  private final Syntax syntax =
      Syntax.named("history").does("Prints the last commands with their numbers.").build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    return new Command.Inner((desk, output) -> output.reply(reply(desk.history())));
  }

  private static TextReply reply(ImmutableSortedMap<Integer, String> commands) {
    ImmutableList<String> lines =
        commands.entrySet().stream()
            .map(command -> command.getKey() + " - " + command.getValue())
            .collect(ImmutableList.toImmutableList());
    return new TextReply(lines, ImmutableMap.of("history", commands));
  }
}
