package io.quoll.integration.bench;

import java.util.Optional;
import java.util.OptionalLong;

/** Notes what the servers and the clients use while they are measured. Confined to one thread. */
final class Meter {
  private static final Usage NOTHING = new Usage(0, 0, 0);

  private final BenchEnsemble ensemble;
  private final LoadProcess load;
  private final Optional<Disk> disk;
  private Usage servers = NOTHING;
  private Usage clients = NOTHING;
  private long diskBytes;

  Meter(BenchEnsemble ensemble, LoadProcess load) {
    this.ensemble = ensemble;
    this.load = load;
    this.disk = ensemble.disk();
  }

  void begin() {
    servers = ensemble.usage();
    clients = load.usage();
    diskBytes = disk.map(Disk::writtenBytes).orElse(0L);
  }

  void end() {
    servers = ensemble.usage().since(servers);
    clients = load.usage().since(clients);
    diskBytes = disk.map(Disk::writtenBytes).orElse(0L) - diskBytes;
  }

  /** What all servers used together. */
  Usage servers() {
    return servers;
  }

  /** What the process of the clients used. */
  Usage clients() {
    return clients;
  }

  /** What was written to the servers' disk, by whomever; empty if nobody counts that. */
  OptionalLong diskBytes() {
    return disk.isPresent() ? OptionalLong.of(diskBytes) : OptionalLong.empty();
  }
}
