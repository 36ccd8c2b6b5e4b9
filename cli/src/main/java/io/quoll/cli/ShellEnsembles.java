package io.quoll.cli;

import io.quoll.cli.shell.Shell;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.verb.UsageException;
import io.quoll.client.ClientOptions;

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
  public Ensemble open(String wanted) {
    String next = wanted.isEmpty() ? servers : wanted;
    Ensemble ensemble = Ensemble.open(options(next));
    servers = next;
    return ensemble;
  }

  private ClientOptions options(String next) {
    try {
      return ClientOptions.of(next).withRequestTimeout(arguments.client().requestTimeout());
    } catch (IllegalArgumentException malformed) {
      throw new UsageException(String.valueOf(malformed.getMessage()));
    }
  }
}
