package io.quoll.cli.verb;

import io.quoll.cli.reply.TextReply;
import io.quoll.client.Credentials;

/** Proves to be somebody. What is typed after it is kept and told nowhere. */
final class AddAuth implements Verb {
  private static final String DIGEST = "digest";

  private final Syntax syntax =
      Syntax.named("addauth")
          .takes("scheme auth")
          .does(
              "Proves who you are, for all commands up to the end: addauth digest user:password."
                  + " Beside it stands who you were before.")
          .words(2, 2)
          .choices(DIGEST)
          .secret()
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    if (!arguments.word(0).equals(DIGEST)) {
      throw new UsageException(
          "the scheme is digest; connections tell of addresses, and --cert of certificates\n"
              + syntax.usage());
    }
    Credentials credentials = credentials(arguments.word(1));
    return new Command.Work(
        "",
        (ensemble, output) -> {
          ensemble.addAuth(credentials);
          output.reply(TextReply.done("added", credentials.user()));
        });
  }

  private static Credentials credentials(String text) {
    try {
      return Credentials.parse(text);
    } catch (IllegalArgumentException malformed) { // Whose message tells nothing of the text.
      throw new UsageException(String.valueOf(malformed.getMessage()));
    }
  }
}
