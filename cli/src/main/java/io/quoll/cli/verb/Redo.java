package io.quoll.cli.verb;

/** Does an earlier command again. */
final class Redo implements Verb {
  private final Syntax syntax =
      Syntax.named("redo")
          .takes("number")
          .does("Does the command of that number in the history again.")
          .words(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    int number;
    try {
      number = Integer.parseInt(arguments.word(0));
    } catch (NumberFormatException notANumber) {
      throw new UsageException(syntax.usage());
    }
    return new Command.Inner((desk, output) -> desk.redo(number));
  }
}
