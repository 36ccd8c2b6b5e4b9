package io.quoll.cli.verb;

import io.quoll.cli.reply.IdentitiesReply;
import io.quoll.cli.tree.Tree;
import java.util.concurrent.CompletableFuture;

/** Who the server takes the caller for. */
final class WhoAmI implements Verb {
  private final Syntax syntax =
      Syntax.named("whoami").does("Prints who the server takes you for.").build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    return new Command.Question("", WhoAmI::ask);
  }

  private static CompletableFuture<IdentitiesReply> ask(Tree tree) {
    return tree.whoAmI().thenApply(IdentitiesReply::new);
  }
}
