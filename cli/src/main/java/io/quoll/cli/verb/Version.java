package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.TextReply;

/** The version of the tool. */
final class Version implements Verb {
  private final Syntax syntax =
      Syntax.named("version").does("Prints the version of the tool.").build();
  private final String version;

  Version(String version) {
    this.version = version;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    return new Command.Known(
        new TextReply(
            ImmutableList.of("Quoll CLI version: " + version),
            ImmutableMap.of("version", version)));
  }
}
