package io.quoll.cli.verb;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.InetAddresses;
import com.google.common.net.InternetDomainName;
import com.google.common.primitives.Ints;
import io.quoll.cli.certs.CertificateFolder;
import io.quoll.cli.reply.TextReply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes certificates for a trial; asks no server. */
final class Certs implements Verb {
  private static final int DAYS = 365;
  private static final int DAYS_MAX = 3650;

  private final Syntax syntax =
      Syntax.named("certs")
          .takes("[--dir folder] [--client name,...] [--days n] server[,host...] ...")
          .does(
              "Makes certificates for a trial: an authority, one for each server with the hosts"
                  + " that it is reached at, and one for each client. Overwrites nothing; servers"
                  + " may be added later.")
          .valued("--dir", "--client", "--days")
          .words(0, Integer.MAX_VALUE)
          .naming(Operand.ANY)
          .build();

  private final InstantSource clock;

  Certs(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    CertificateFolder folder =
        new CertificateFolder(Path.of(arguments.option("--dir").orElse("certs")), clock.instant());
    ImmutableList<ImmutableList<String>> servers =
        arguments.words().stream().map(this::hosts).collect(toImmutableList());
    ImmutableList<String> clients =
        names(arguments.option("--client").orElse(folder.hasAuthority() ? "" : "client"));
    if (servers.isEmpty() && arguments.option("--client").isEmpty()) {
      throw new UsageException("name the servers, or a client by --client\n" + syntax.usage());
    }
    for (String client : clients) {
      if (!client.matches("[A-Za-z0-9._@-]{1,64}")) {
        throw new UsageException("\"" + client + "\" is no name of letters, digits and -._@");
      }
    }
    Duration life = Duration.ofDays(days(arguments));
    return new Command.Work(
        "",
        (ensemble, output) -> {
          ImmutableList<Path> made;
          try {
            made = folder.issue(servers, clients, life);
          } catch (IOException failure) {
            throw new UsageException(String.valueOf(failure.getMessage()));
          }
          output.reply(
              new TextReply(
                  made.stream().map(path -> "Made " + path).collect(toImmutableList()),
                  ImmutableMap.of(
                      "files", made.stream().map(Path::toString).collect(toImmutableList()))));
          output.notice(
              "For trials: whoever has ca-key.pem can make certificates that are trusted.");
        });
  }

  private ImmutableList<String> hosts(String word) {
    ImmutableList<String> hosts = names(word);
    for (String host : hosts) {
      String name = host.startsWith("*.") ? host.substring(2) : host;
      if (!InetAddresses.isInetAddress(host) && !InternetDomainName.isValid(name)) {
        throw new UsageException("\"" + host + "\" is neither a host name nor an address");
      }
    }
    if (hosts.isEmpty() || hosts.get(0).startsWith("*")) {
      throw new UsageException("\"" + word + "\" does not begin with a host\n" + syntax.usage());
    }
    return hosts;
  }

  private static ImmutableList<String> names(String text) {
    List<String> names = Splitter.on(',').trimResults().omitEmptyStrings().splitToList(text);
    return ImmutableList.copyOf(names);
  }

  private int days(Arguments arguments) {
    String text = arguments.option("--days").orElse(Integer.toString(DAYS));
    @Nullable Integer days = Ints.tryParse(text);
    if (days == null || days < 1 || days > DAYS_MAX) {
      throw new UsageException("--days takes a number from 1 to " + DAYS_MAX + ", not " + text);
    }
    return days;
  }
}
