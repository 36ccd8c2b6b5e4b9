package io.quoll.cli.verb;

/** Deletes a znode and all below it; {@code rmr} is its older name. */
final class DeleteAll implements Verb {
  private final Syntax syntax;

  DeleteAll(String name) {
    this.syntax =
        Syntax.named(name)
            .takes("path")
            .does("Deletes a znode and all below it.")
            .replacedBy("deleteall path")
            .path(1, 1)
            .build();
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    if (!syntax.name().equals("deleteall")) {
      arguments.warnOfOlder();
    }
    return new Command.Work(arguments.word(0), new TreeRemoval(arguments.word(0)));
  }
}
