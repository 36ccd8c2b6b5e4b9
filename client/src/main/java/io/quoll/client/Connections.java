package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The connection to the server in use, and the way to the next one. A new connection is made for
 * each move: a channel that failed would wait before it tried again. All of them live on one event
 * loop, which ends with them: a thread that waited on in native code would hold up the end of the
 * process for a third of a second.
 *
 * <p>Thread-safe.
 */
final class Connections implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT_MAX = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final EventLoops loops = new EventLoops(1);
  private final ImmutableList<ServerAddress> servers;
  private final Optional<TlsOptions> tls;
  private final Optional<TlsContext> tlsContext;
  private final Duration connectTimeout;

  @GuardedBy("this")
  private int index;

  @GuardedBy("this")
  private boolean closed;

  private volatile Connection current;

  Connections(ClientOptions options) {
    this.servers = options.servers();
    this.tls = options.tls();
    this.tlsContext = tls.map(TlsContext::new);
    Duration share = options.requestTimeout().dividedBy(servers.size());
    this.connectTimeout = share.compareTo(CONNECT_TIMEOUT_MAX) < 0 ? share : CONNECT_TIMEOUT_MAX;
    this.current = connectionTo(servers.get(0));
  }

  private Connection connectionTo(ServerAddress server) {
    return Connection.on(
        loops.nextLoop(),
        new Endpoint(server, tls),
        tlsContext.map(TlsContext::current),
        connectTimeout);
  }

  Connection current() {
    return current;
  }

  /**
   * Moves on to the next server, unless another call has left {@code failed} already. Calls that
   * are under way on the connection that is left may still end well.
   */
  synchronized void leave(Connection failed) {
    if (closed || !current.equals(failed)) {
      return;
    }
    index = (index + 1) % servers.size();
    current = connectionTo(servers.get(index));
    failed.channel().shutdown();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    Connection last = current;
    last.channel().shutdownNow();
    try {
      last.channel().awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    loops.close();
  }
}
