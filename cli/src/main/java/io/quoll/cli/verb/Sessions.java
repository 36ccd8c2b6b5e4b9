package io.quoll.cli.verb;

import io.quoll.cli.reply.SessionsReply;
import io.quoll.cli.reply.TextReply;

/** The sessions of the ensemble, whoever holds them. */
final class Sessions implements Verb {
  private final Syntax syntax =
      Syntax.named("session")
          .takes("list | close id")
          .does("Lists all sessions of the ensemble, or closes one, whoever holds it.")
          .words(1, 2)
          .choices("list", "close")
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    boolean hasId = arguments.wordIfAny(1).isPresent();
    if (arguments.word(0).equals("list") && !hasId) {
      return new Command.Work(
          "", (ensemble, output) -> output.reply(new SessionsReply(ensemble.client().sessions())));
    }
    if (!arguments.word(0).equals("close") || !hasId) {
      throw new UsageException(syntax.usage());
    }
    long id = id(arguments.word(1));
    return new Command.Work(
        "",
        (ensemble, output) -> {
          ensemble.client().endSession(id);
          output.reply(TextReply.done("closed", id));
        });
  }

  private long id(String text) {
    try {
      return Long.decode(text); // As the list tells it, or in digits.
    } catch (NumberFormatException notANumber) {
      throw new UsageException("\"" + text + "\" is no session id\n" + syntax.usage());
    }
  }
}
