package io.quoll.cli.verb;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.quoll.cli.reply.CreatedReply;
import io.quoll.client.CreateMode;
import io.quoll.client.Write;
import org.jspecify.annotations.Nullable;

/** Creates a znode; without data its data is null. */
final class Create implements Verb {
  private final Syntax syntax =
      Syntax.named("create")
          .takes("[-s] path [data]")
          .does("Creates a znode; -s appends a number to its path.")
          .flags("-s")
          .path(1, 2)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    @Nullable ByteString data = arguments.wordIfAny(1).map(ByteString::copyFromUtf8).orElse(null);
    CreateMode mode =
        arguments.has("-s") ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT;
    return new Command.Change(
        new Write.Create(arguments.word(0), data, mode),
        result -> new CreatedReply(result.path(), requireNonNull(result.stat())));
  }
}
