package io.quoll.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Makes calls, each as often as it may and needs to be made, on whichever server answers.
 *
 * <p>Thread-safe.
 */
final class Caller implements AutoCloseable {
  private final Connections connections;
  private final Failures failures;
  private final SeenZxid seen;
  private final Keyring keyring;
  private final Duration requestTimeout;
  private final Duration unreachablePatience;
  private final int serverCount;

  Caller(ClientOptions options, Chroot chroot) {
    this.seen = new SeenZxid();
    this.keyring = new Keyring(options.credentials());
    this.connections = new Connections(options);
    this.failures = new Failures(chroot, seen);
    this.requestTimeout = options.requestTimeout();
    this.unreachablePatience = options.unreachablePatience();
    this.serverCount = options.servers().size();
  }

  /** Starts a call; the future holds its reply as {@code answer} makes it, or a QuollException. */
  <Q, R, T> CompletableFuture<T> call(Operation<Q, R> operation, Q request, Function<R, T> answer) {
    Call<Q, R, T> call = new Call<>(this, operation, request, answer);
    call.attempt();
    return call.result();
  }

  /** The zxid that the next read has to include. */
  long seenZxid() {
    return seen.highest();
  }

  SeenZxid seen() {
    return seen;
  }

  Keyring keyring() {
    return keyring;
  }

  Connections connections() {
    return connections;
  }

  Failures failures() {
    return failures;
  }

  Duration requestTimeout() {
    return requestTimeout;
  }

  Duration unreachablePatience() {
    return unreachablePatience;
  }

  int serverCount() {
    return serverCount;
  }

  @Override
  public void close() {
    connections.close();
  }
}
