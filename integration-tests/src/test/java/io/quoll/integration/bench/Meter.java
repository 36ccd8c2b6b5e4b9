package io.quoll.integration.bench;

/** Notes what the servers and the clients use while they are measured. Confined to one thread. */
final class Meter {
  private static final Usage NOTHING = new Usage(0, 0, 0);

  private final BenchEnsemble ensemble;
  private final LoadProcess load;
  private Usage servers = NOTHING;
  private Usage clients = NOTHING;

  Meter(BenchEnsemble ensemble, LoadProcess load) {
    this.ensemble = ensemble;
    this.load = load;
  }

  void begin() {
    servers = ensemble.usage();
    clients = load.usage();
  }

  void end() {
    servers = ensemble.usage().since(servers);
    clients = load.usage().since(clients);
  }

  /** What all servers used together. */
  Usage servers() {
    return servers;
  }

  /** What the process of the clients used. */
  Usage clients() {
    return clients;
  }
}
