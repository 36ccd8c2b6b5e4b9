package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.StatReply;
import io.quoll.client.Applied;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;

/** A znode's stat. */
final class Stat implements Verb {
  private final Syntax syntax =
      new Syntax("stat", "path", ImmutableList.of(), ImmutableList.of(), 1, 2);

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    arguments.ignoreWatch(1);
    return new Command.Question(
        path,
        client ->
            client
                .exists(path)
                .thenApply(
                    found -> new StatReply(path, found.orElseThrow(() -> missing(path)), true)));
  }

  private static QuollException missing(String path) {
    return new QuollException(ErrorCode.NO_NODE, path, Applied.NO, "no znode at " + path, null);
  }
}
