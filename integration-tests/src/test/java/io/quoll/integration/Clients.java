package io.quoll.integration;

import io.quoll.client.CreateMode;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sessions on one runtime, whose servers are tried in their order. Thread-safe. */
final class Clients implements AutoCloseable {
  private final QuollRuntime runtime = QuollRuntime.start();
  private final Duration timeout;
  private final AtomicInteger homes = new AtomicInteger();

  /** Clients whose sessions ask for {@code timeout}. */
  Clients(Duration timeout) {
    this.timeout = timeout;
  }

  /** A session that tries {@code servers} in their order. */
  QuollSession open(List<ServerProcess> servers) {
    return open(servers.stream().map(ServerProcess::clientAddress));
  }

  /** A session of {@code server} alone. */
  QuollSession open(ServerProcess server) {
    return open(List.of(server));
  }

  /** A session whose lines to servers are {@code relays}, tried in their order. */
  QuollSession open(Relay... relays) {
    return open(Stream.of(relays).map(Relay::address));
  }

  private QuollSession open(Stream<String> addresses) {
    return QuollSession.open(
        SessionOptions.of(addresses.collect(Collectors.joining(",")))
            .withShuffledServers(false)
            .withSessionTimeout(timeout)
            .withRequestTimeout(Duration.ofSeconds(40)),
        runtime);
  }

  /** Creates a znode that no other test uses, and returns its path. */
  String home(QuollSession session) {
    return session.create("/home" + homes.incrementAndGet(), null, CreateMode.PERSISTENT).path();
  }

  /** Leaves its sessions to the ensemble, without a word. */
  @Override
  public void close() {
    runtime.close();
  }
}
