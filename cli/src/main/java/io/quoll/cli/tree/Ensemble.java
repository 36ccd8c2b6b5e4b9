package io.quoll.cli.tree;

import io.quoll.client.ClientOptions;
import io.quoll.client.QuollClient;

/** The connection that commands are run over. Thread-safe. */
public final class Ensemble implements AutoCloseable {
  private final QuollClient client;

  private Ensemble(QuollClient client) {
    this.client = client;
  }

  /** Opens a connection. This waits for nothing: the first command makes it. */
  public static Ensemble open(ClientOptions options) {
    return new Ensemble(QuollClient.open(options));
  }

  /** The tree. */
  public Tree tree() {
    return new ClientTree(client.async());
  }

  /** For what is not about the tree. */
  public QuollClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }
}
