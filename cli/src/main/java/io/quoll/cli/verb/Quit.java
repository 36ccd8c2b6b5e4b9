package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;

/** Ends a script; {@code close}, which leaves nothing to talk to, does the same. */
final class Quit implements Verb {
  private final Syntax syntax;

  Quit(String name) {
    this.syntax = new Syntax(name, "", ImmutableList.of(), ImmutableList.of(), 0, 0);
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    return new Command.Quit();
  }
}
