package io.quoll.cli.verb;

import io.quoll.cli.reply.ListingReply;
import io.quoll.client.PageRequest;

/** The names of a znode's children, or of all below it; {@code ls2} is the older {@code ls -s}. */
final class Ls implements Verb {
  private final boolean isOlder;
  private final Syntax syntax;

  private Ls(boolean isOlder, Syntax syntax) {
    this.isOlder = isOlder;
    this.syntax = syntax;
  }

  static Ls now() {
    return new Ls(
        false,
        Syntax.named("ls")
            .takes("[-s] [-R] path")
            .does("Lists a znode's children, with -R all below it; -s prints its stat too.")
            .flags("-s", "-R")
            .path(1, 2)
            .build());
  }

  static Ls older() {
    return new Ls(
        true,
        Syntax.named("ls2")
            .takes("path")
            .does("Lists a znode's children and prints its stat.")
            .replacedBy("ls [-s] path")
            .path(1, 2)
            .build());
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    arguments.ignoreWatch(1);
    if (isOlder) {
      arguments.warnOfOlder("");
    }
    if (arguments.has("-R")) {
      return new Command.Work(path, new TreeWalk(path));
    }
    boolean withStat = isOlder || arguments.has("-s");
    return new Command.Question(
        path,
        tree ->
            tree.allChildren(path, PageRequest.first())
                .thenApply(page -> new ListingReply(path, page, withStat)));
  }
}
