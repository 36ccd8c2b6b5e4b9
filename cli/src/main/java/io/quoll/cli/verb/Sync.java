package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;

/** Waits until the server has caught up with all that was acknowledged. */
final class Sync implements Verb {
  private final Syntax syntax =
      Syntax.named("sync")
          .takes("path")
          .does("Waits until the server has caught up with all that was acknowledged.")
          .path(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    TextReply done =
        new TextReply(
            ImmutableList.of("Sync is OK"), ImmutableMap.of("path", path, "synced", true));
    // Alone, not beside the reads that follow it in a script: they are to see what it waits for.
    return new Command.Work(
        path,
        (ensemble, output) -> {
          Answer.ofRead(ensemble.tree().sync(path));
          output.reply(done);
        });
  }
}
