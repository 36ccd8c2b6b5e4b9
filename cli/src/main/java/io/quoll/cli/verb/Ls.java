package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
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
        new Syntax("ls", "[-s] [-R] path", ImmutableList.of("-s", "-R"), ImmutableList.of(), 1, 2));
  }

  static Ls older() {
    return new Ls(
        true,
        new Syntax("ls2", "path", "ls [-s] path", ImmutableList.of(), ImmutableList.of(), 1, 2));
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
        client ->
            client
                .allChildren(path, PageRequest.first())
                .thenApply(page -> new ListingReply(path, page, withStat)));
  }
}
