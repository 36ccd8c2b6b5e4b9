package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.ClusterReply;
import io.quoll.cli.reply.Output;
import io.quoll.client.MemberStatus;

/** What is about the ensemble and not about its tree. */
final class Cluster implements Verb {
  private final Syntax syntax =
      Syntax.named("cluster")
          .takes("status")
          .does("Tells where each member of the ensemble stands; fails if one does not answer.")
          .words(1, 1)
          .choices("status")
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    if (!arguments.word(0).equals("status")) {
      throw new UsageException(syntax.usage());
    }
    return new Command.Work("", (ensemble, output) -> print(ensemble.client().status(), output));
  }

  private static void print(ImmutableList<MemberStatus> members, Output output) {
    ClusterReply reply = new ClusterReply(members);
    output.reply(reply);
    if (!reply.isWhole()) {
      output.fail(); // The table says who does not answer; the exit code tells scripts.
    }
  }
}
