package io.quoll.client;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One event loop and the connections that live on it, one to each server. Who keeps to one lane
 * needs no locks: all that its connections tell comes on the lane's thread.
 *
 * <p>The methods that hand over work are thread-safe; those about connections are confined to the
 * lane.
 */
final class Lane {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final EventLoop loop;
  private final Map<Endpoint, Connection> connections = new HashMap<>();
  private final Map<TlsOptions, TlsContext> tls = new HashMap<>();

  Lane(EventLoop loop) {
    this.loop = loop;
  }

  boolean isCurrent() {
    return loop.inEventLoop();
  }

  /** Runs the task after all that was handed over before; drops it once the runtime is closed. */
  void execute(Runnable task) {
    boolean unused = isTaken(task);
  }

  /** As {@link #execute}; tells whether the task was taken, and not dropped. */
  boolean isTaken(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException closed) {
      return false; // Whoever lives on the lane was told before that it ends.
    }
  }

  /** Runs the task after so long, unless it is cancelled. */
  Future<?> schedule(Runnable task, long delayNanos) {
    return loop.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
  }

  /**
   * Reads what {@code options} name, before the first connection needs it.
   *
   * @throws IllegalArgumentException if it cannot be used, with a message that names the file
   */
  void prepare(TlsOptions options) {
    TlsContext context = new TlsContext(options);
    execute(() -> tls.putIfAbsent(options, context));
  }

  Connection connection(Endpoint endpoint) {
    return connections.computeIfAbsent(endpoint, this::connect);
  }

  private Connection connect(Endpoint endpoint) {
    return Connection.on(
        loop,
        endpoint,
        endpoint.tls().map(options -> tls.computeIfAbsent(options, TlsContext::new).current()),
        CONNECT_TIMEOUT);
  }

  /**
   * Makes the next stream to this server begin with a new connection, unless somebody has left this
   * one already: a channel that failed would wait before it tried again, and one that hangs would
   * go on hanging. Other streams on it may still be well.
   */
  void leave(Connection failed) {
    if (connections.remove(failed.endpoint(), failed)) {
      failed.channel().shutdown();
    }
  }

  void close() {
    execute(
        () -> {
          connections.values().forEach(connection -> connection.channel().shutdownNow());
          connections.clear();
        });
  }
}
