package io.quoll.cli.verb;

import io.quoll.cli.reply.TextReply;
import java.util.Optional;

/** Whether events of watches are printed. */
final class PrintWatches implements Verb {
  private final Syntax syntax =
      Syntax.named("printwatches")
          .takes("[on|off]")
          .does("Says whether events of watches are printed, or turns that on or off.")
          .words(0, 1)
          .choices("on", "off")
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    Optional<String> wanted = arguments.wordIfAny(0);
    if (wanted.isEmpty()) {
      return new Command.Inner(
          (desk, output) -> {
            String state = desk.printsWatches() ? "on" : "off";
            output.reply(TextReply.saying("printwatches is " + state, "printwatches", state));
          });
    }
    boolean isOn = wanted.get().equals("on");
    if (!isOn && !wanted.get().equals("off")) {
      throw new UsageException(syntax.usage());
    }
    return new Command.Inner((desk, output) -> desk.printWatches(isOn));
  }
}
