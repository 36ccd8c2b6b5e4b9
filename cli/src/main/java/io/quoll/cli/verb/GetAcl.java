package io.quoll.cli.verb;

import io.quoll.cli.reply.AclReply;

/** A znode's ACL. */
final class GetAcl implements Verb {
  private final Syntax syntax =
      Syntax.named("getAcl")
          .takes("[-s] path")
          .does("Prints who may do what to a znode, -s its stat too.")
          .flags("-s")
          .path(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    boolean withStat = arguments.has("-s");
    return new Command.Question(
        path, tree -> tree.acl(path).thenApply(found -> new AclReply(path, found, withStat)));
  }
}
