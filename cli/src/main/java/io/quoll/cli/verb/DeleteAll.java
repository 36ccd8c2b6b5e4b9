package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;

/** Deletes a znode and all below it; {@code rmr} is its older name. */
final class DeleteAll implements Verb {
  private final Syntax syntax;

  DeleteAll(String name) {
    this.syntax =
        new Syntax(name, "path", "deleteall path", ImmutableList.of(), ImmutableList.of(), 1, 1);
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    if (!syntax.name().equals("deleteall")) {
      arguments.warnOfOlder("");
    }
    return new Command.Work(arguments.word(0), new TreeRemoval(arguments.word(0)));
  }
}
