package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.ConfigurationReply;
import io.quoll.client.MemberSpec;
import io.quoll.client.Reconfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Changes who the members are, in the words of ZooKeeper's shell. */
final class Reconfig implements Verb {
  private final Syntax syntax =
      Syntax.named("reconfig")
          .takes(
              "[-v hexVersion] (-file path | -members server.N=... | [-add server.N=...]"
                  + " [-remove N,...])")
          .does("Changes who the members are; -v only if the configuration has that version.")
          .flags("-s")
          .valued("-v", "-file", "-members", "-add", "-remove")
          .words(0, 0)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    Reconfiguration change = change(arguments).from(version(arguments));
    return new Command.Work(
        Config.PATH,
        (ensemble, output) ->
            output.reply(ConfigurationReply.committed(ensemble.client().reconfigure(change))));
  }

  private Reconfiguration change(Arguments arguments) {
    ImmutableList<MemberSpec> adding =
        arguments.option("-add").map(MemberWords::members).orElse(ImmutableList.of());
    ImmutableList<Integer> removing =
        arguments.option("-remove").map(MemberWords::ids).orElse(ImmutableList.of());
    String whole =
        arguments.option("-members").or(() -> arguments.option("-file").map(this::read)).orElse("");
    boolean isSteps = !adding.isEmpty() || !removing.isEmpty();
    if (isSteps != whole.isEmpty()) {
      throw new UsageException(syntax.usage());
    }
    return isSteps
        ? Reconfiguration.of(adding, removing)
        : Reconfiguration.to(MemberWords.members(whole));
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException unreadable) {
      throw new UsageException("Cannot read " + file + ": " + unreadable.getMessage());
    }
  }

  private long version(Arguments arguments) {
    String text = arguments.option("-v").orElse("");
    try {
      return text.isEmpty() ? Reconfiguration.ANY_VERSION : Long.parseUnsignedLong(text, 16);
    } catch (NumberFormatException notHex) {
      throw new UsageException("\"" + text + "\" is no version in hex\n" + syntax.usage());
    }
  }
}
