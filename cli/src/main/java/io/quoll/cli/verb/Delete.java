package io.quoll.cli.verb;

import io.quoll.cli.reply.TextReply;
import io.quoll.client.Write;

/** Deletes a znode that has no children. */
final class Delete implements Verb {
  private final Syntax syntax =
      Syntax.named("delete")
          .takes("[-v version] path")
          .does("Deletes a znode without children; with -v only in that version.")
          .valued("-v")
          .path(1, 2)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    return new Command.Change(
        new Write.Delete(path, arguments.version(1)),
        result -> TextReply.done(path, "deleted", 1L));
  }
}
