package io.quoll.cli.verb;

/** Ends the shell, or a script. */
final class Quit implements Verb {
  private final Syntax syntax =
      Syntax.named("quit").does("Closes the session, and leaves the shell or the script.").build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    return new Command.Quit();
  }
}
