package io.quoll.cli.verb;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.quoll.cli.reply.StatReply;
import io.quoll.client.Write;

/** Replaces a znode's data. */
final class Set implements Verb {
  private final Syntax syntax =
      Syntax.named("set")
          .takes("[-s] [-v version] path data")
          .does("Replaces a znode's data, with -v only in that version; -s prints the new stat.")
          .flags("-s")
          .valued("-v")
          .path(2, 3)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    ByteString data = ByteString.copyFromUtf8(arguments.word(1));
    boolean isShown = arguments.has("-s");
    return new Command.Change(
        new Write.SetData(path, data, arguments.version(2)),
        result -> new StatReply(path, requireNonNull(result.stat()), isShown));
  }
}
