package io.quoll.cli.verb;

/** Closes the session of the shell; ends a script, which has nothing to talk to then. */
final class Close implements Verb {
  private final Syntax syntax =
      Syntax.named("close")
          .does("Closes the session; the shell stays, and \"connect\" opens another.")
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    return new Command.Close();
  }
}
