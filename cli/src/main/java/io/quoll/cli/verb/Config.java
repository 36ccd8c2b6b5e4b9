package io.quoll.cli.verb;

import com.google.common.base.Splitter;
import com.google.protobuf.ByteString;
import io.quoll.cli.reply.DataReply;
import io.quoll.cli.reply.Reply;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;
import io.quoll.client.ZnodeData;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configuration of the ensemble: the data of a znode of its own. */
final class Config implements Verb {
  static final String PATH = "/zookeeper/config";

  private final Syntax syntax =
      Syntax.named("config")
          .takes("[-c] [-w] [-s]")
          .does(
              "Prints who the members are; -c only their addresses for clients, -s the stat too;"
                  + " -w watches for the next change.")
          .flags("-c", "-w", "-s")
          .words(0, 0)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    boolean onlyClients = arguments.has("-c");
    boolean withStat = arguments.has("-s");
    if (arguments.has("-w")) {
      return new Command.Watching(
          PATH,
          (ensemble, output) ->
              output.reply(
                  reply(
                      Answer.ofRead(ensemble.session().data(PATH, ensemble.watcher())),
                      onlyClients,
                      withStat)));
    }
    return new Command.Question(
        PATH, tree -> tree.data(PATH).thenApply(found -> reply(found, onlyClients, withStat)));
  }

  private static Reply reply(ZnodeData found, boolean onlyClients, boolean withStat) {
    return onlyClients
        ? TextReply.of(PATH, "clients", clients(found.data()))
        : new DataReply(PATH, found, withStat);
  }

  /** The version and the addresses for clients, as ZooKeeper's shell prints them. */
  static String clients(@Nullable ByteString data) {
    String text = data == null ? "" : data.toStringUtf8();
    String version =
        Splitter.on('\n')
            .splitToStream(text)
            .filter(line -> line.startsWith("version="))
            .map(line -> line.substring("version=".length()))
            .findFirst()
            .orElse("0");
    String clients =
        Splitter.on('\n')
            .splitToStream(text)
            .filter(line -> line.startsWith("server.") && line.contains(";"))
            .map(line -> line.substring(line.indexOf(';') + 1))
            .collect(Collectors.joining(","));
    return version + " " + clients;
  }
}
