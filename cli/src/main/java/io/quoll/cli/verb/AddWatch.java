package io.quoll.cli.verb;

import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;
import io.quoll.client.WatchMode;

/** Adds a watch that stays. */
final class AddWatch implements Verb {
  private final Syntax syntax =
      Syntax.named("addWatch")
          .takes("[-m PERSISTENT|PERSISTENT_RECURSIVE] path")
          .does("Watches a path until the watch is removed; without -m all below it too.")
          .valued("-m")
          .path(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    WatchMode mode = mode(arguments.option("-m").orElse("PERSISTENT_RECURSIVE"));
    return new Command.Watching(
        path,
        (ensemble, output) -> {
          Answer.ofRead(ensemble.session().addWatch(path, mode, ensemble.watcher()));
          output.reply(TextReply.done(path, "watch", mode.name()));
        });
  }

  private WatchMode mode(String text) {
    try {
      return WatchMode.valueOf(text);
    } catch (IllegalArgumentException unknown) {
      throw new UsageException(syntax.usage());
    }
  }
}
