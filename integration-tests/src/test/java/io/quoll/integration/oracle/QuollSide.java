package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Servers of Quoll. Thread-safe. */
final class QuollSide implements Side {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(30);
  private static final int OPEN_SECONDS_MAX = 60;

  private final ImmutableList<String> servers;
  private final QuollRuntime runtime = QuollRuntime.start();
  private final QuollSession control;

  /** The servers, by the addresses that clients know. */
  QuollSide(ImmutableList<String> servers) {
    this.servers = servers;
    this.control = QuollSession.open(SessionOptions.of(String.join(",", servers)), runtime);
  }

  @Override
  public Client open(
      int server, String chroot, Root root, Owners owners, String name, Duration timeout) {
    // Who is to vanish is so by the end of its connection, and has one of its own.
    Optional<QuollRuntime> ownRuntime =
        timeout.compareTo(LONG_TIMEOUT) < 0
            ? Optional.of(QuollRuntime.start(1, 1))
            : Optional.empty();
    AsyncQuollSession session =
        AsyncQuollSession.open(
            SessionOptions.of(servers.get(server % servers.size()) + chroot)
                .withSessionTimeout(timeout),
            ownRuntime.orElse(runtime));
    session.opened().orTimeout(OPEN_SECONDS_MAX, TimeUnit.SECONDS).join();
    owners.put(session.id(), name);
    return new QuollSessionClient(session, ownRuntime, root, owners);
  }

  @Override
  public void deleteAll(String path) {
    try {
      var unused = control.deleteRecursive(path);
    } catch (QuollException failure) {
      if (failure.code() != ErrorCode.NO_NODE) {
        throw failure;
      }
    }
  }

  @Override
  public void close() {
    control.close();
    runtime.close();
  }
}
