package io.quoll.cli.verb;

import io.quoll.cli.reply.StatReply;
import io.quoll.cli.tree.Answer;
import io.quoll.client.Acl;

/** Replaces a znode's ACL, or those of all below it too. */
final class SetAcl implements Verb {
  private final Syntax syntax =
      Syntax.named("setAcl")
          .takes("[-s] [-v version] [-R] path acl")
          .does(
              "Replaces a znode's ACL, which is scheme:id:perms,... with perms of cdrwa; with -v"
                  + " only in that version of the ACL, -R of all below too, -s prints the new stat.")
          .flags("-s", "-R")
          .valued("-v")
          .path(2, 2)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    Acl acl = AclWord.parse(arguments.word(1));
    int version = arguments.version(2);
    if (arguments.has("-R")) {
      return new Command.Work(path, new TreeAcl(path, acl, version));
    }
    boolean isShown = arguments.has("-s");
    return new Command.Work(
        path,
        (ensemble, output) ->
            output.reply(
                new StatReply(
                    path, Answer.of(ensemble.tree().setAcl(path, acl, version)), isShown)));
  }
}
