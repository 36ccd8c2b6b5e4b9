package io.quoll.cli;

import io.quoll.cli.shell.Shell;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.verb.UsageException;
import io.quoll.client.ClientOptions;
import io.quoll.client.SessionOptions;
import io.quoll.client.WatchHandler;

/**
 * The ensembles that a shell connects to, with what else the tool's command line says.
 *
 * <p>Confined to one thread.
 */
final class ShellEnsembles implements Shell.Opener {
  private final ToolArguments arguments;
  private String servers;

  ShellEnsembles(ToolArguments arguments) {
    this.arguments = arguments;
    this.servers = arguments.servers();
  }

  @Override
  public String servers() {
    return servers;
  }

  @Override
  public Ensemble open(String wanted, WatchHandler watcher) {
    String next = wanted.isEmpty() ? servers : wanted;
    ClientOptions client = client(next);
    SessionOptions session =
        SessionOptions.of(client)
            .withShuffledServers(false)
            .withSessionTimeout(arguments.session().sessionTimeout());
    servers = next;
    try {
      return Ensemble.of(client, session, watcher);
    } catch (IllegalArgumentException unusable) { // A file of certificates.
      throw new UsageException(String.valueOf(unusable.getMessage()));
    }
  }

  private ClientOptions client(String next) {
    try {
      ClientOptions client =
          ClientOptions.of(next)
              .withRequestTimeout(arguments.client().requestTimeout())
              .withCredentials(arguments.client().credentials());
      return arguments.client().tls().map(client::withTls).orElse(client);
    } catch (IllegalArgumentException malformed) {
      throw new UsageException(String.valueOf(malformed.getMessage()));
    }
  }
}
