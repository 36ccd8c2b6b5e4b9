package io.quoll.cli.verb;

import io.quoll.cli.reply.ListingReply;
import io.quoll.cli.tree.Answer;
import io.quoll.client.ChildrenPage;
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
            .takes("[-s] [-w] [-R] path")
            .does(
                "Lists a znode's children, with -R all below it; -s prints its stat too, -w watches"
                    + " for the next change of the list.")
            .flags("-s", "-w", "-R")
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
    boolean isWatched = arguments.wantsWatch();
    if (isOlder && !isWatched) {
      arguments.warnOfOlder();
    }
    if (arguments.has("-R")) {
      return isWatched
          ? watched(path, new TreeWalk(path))
          : new Command.Work(path, new TreeWalk(path));
    }
    boolean withStat = isOlder || arguments.has("-s");
    if (isWatched) {
      return new Command.Watching(
          path,
          (ensemble, output) -> {
            ChildrenPage found =
                Answer.ofRead(
                    ensemble.session().allChildren(path, PageRequest.first(), ensemble.watcher()));
            output.reply(new ListingReply(path, found, withStat));
          });
    }
    return new Command.Question(
        path,
        tree ->
            tree.allChildren(path, PageRequest.first())
                .thenApply(page -> new ListingReply(path, page, withStat)));
  }

  /** Watches the children of the znode itself, as ZooKeeper's shell does. */
  private static Command watched(String path, Command.Task task) {
    PageRequest least = PageRequest.first().withLimit(1);
    return new Command.Watching(
        path,
        (ensemble, output) -> {
          var unused = Answer.ofRead(ensemble.session().children(path, least, ensemble.watcher()));
          task.run(ensemble, output);
        });
  }
}
