package io.quoll.cli.verb;

/** Opens another session, with the same servers or with others. */
final class Connect implements Verb {
  private final Syntax syntax =
      Syntax.named("connect")
          .takes("[host:port,...[/chroot]]")
          .does("Closes the session, and opens another, with the same servers or with others.")
          .words(0, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String servers = arguments.wordIfAny(0).orElse("");
    return new Command.Inner((desk, output) -> desk.connect(servers));
  }
}
