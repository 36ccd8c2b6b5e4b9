package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.TextReply;
import io.quoll.client.Write;

/** Deletes a znode that has no children. */
final class Delete implements Verb {
  private final Syntax syntax =
      new Syntax("delete", "[-v version] path", ImmutableList.of(), ImmutableList.of("-v"), 1, 2);

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
