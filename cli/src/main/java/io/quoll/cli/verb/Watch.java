package io.quoll.cli.verb;

import io.quoll.client.WatchMode;
import io.quoll.client.WatchOptions;
import java.util.Optional;

/** Prints what happens, until it is interrupted. */
final class Watch implements Verb {
  private final Syntax syntax =
      Syntax.named("watch")
          .takes("path [-R] [--from zxid] [--initial]")
          .does(
              "Prints what happens to a znode, with -R to all below it, until interrupted:"
                  + " from a zxid on, or what there is first.")
          .flags("-R", "--initial")
          .valued("--from")
          .path(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    WatchMode mode = arguments.has("-R") ? WatchMode.PERSISTENT_RECURSIVE : WatchMode.PERSISTENT;
    WatchOptions options = WatchOptions.of(mode);
    Optional<String> from = arguments.option("--from");
    if (from.isPresent() && arguments.has("--initial")) {
      throw new UsageException("either --from or --initial\n" + syntax.usage());
    }
    if (from.isPresent()) {
      options = options.from(zxid(from.get()));
    } else if (arguments.has("--initial")) {
      options = options.withInitialState(false);
    }
    String path = arguments.word(0);
    return new Command.Work(path, new WatchStream(path, options));
  }

  private long zxid(String text) {
    try {
      long zxid = Long.decode(text); // As events tell it, or as a stat does.
      if (zxid >= 0) {
        return zxid;
      }
    } catch (NumberFormatException notANumber) {
      // As if it were negative.
    }
    throw new UsageException("\"" + text + "\" is no zxid\n" + syntax.usage());
  }
}
