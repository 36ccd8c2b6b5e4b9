package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import io.quoll.client.Write;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sessions on one runtime, whose servers are tried in their order. Thread-safe. */
final class Clients implements AutoCloseable {
  private static final int CHANGES_AT_ONCE = 4_000;

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

  /**
   * Changes a znode so often that servers which keep 1 000 events know none from before: more often
   * than what they keep in memory for those who are a little behind.
   */
  void makeHistoryForget(QuollSession session, String path) {
    Write change = new Write.SetData(path, ByteString.EMPTY, Write.ANY_VERSION);
    for (int i = 0; i < 3; i++) {
      List<Write> changes = Collections.nCopies(CHANGES_AT_ONCE, change);
      assertThat(session.multi(changes).committed()).isTrue();
    }
  }

  /** Leaves its sessions to the ensemble, without a word. */
  @Override
  public void close() {
    runtime.close();
  }
}
