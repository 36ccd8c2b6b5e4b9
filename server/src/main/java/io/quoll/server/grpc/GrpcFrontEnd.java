package io.quoll.server.grpc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.base.Throwables;
import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.quoll.server.coordination.Authentication;
import io.quoll.server.coordination.ChangeFeed;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.Coordinator;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.Sessions;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.coordination.Watches;
import io.quoll.server.tls.PortTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Serves gRPC clients: the services of quoll.v1, health and reflection, on one port.
 *
 * <p>Calls are handled on the event loop, for no service waits for anything. Not reusable: it is
 * started once and closed once, by one thread.
 */
public final class GrpcFrontEnd implements AutoCloseable {
  /** The health service's name for "this replica knows a leader with a majority". */
  public static final String QUORUM = "quorum";

  /** The largest request that is read; what is larger fails with RESOURCE_EXHAUSTED in gRPC. */
  static final int MESSAGE_BYTES_MAX = 8 * 1024 * 1024;

  /** The most calls that one connection has under way. */
  static final int CALLS_PER_CONNECTION_MAX = 10_000;

  private static final Duration CLIENT_KEEP_ALIVE_MIN = Duration.ofSeconds(5);
  private static final Duration SERVER_KEEP_ALIVE = Duration.ofSeconds(60);
  private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(3);

  private final Consensus consensus;
  private final ScheduledExecutorService timer;
  private final HealthStatusManager health = new HealthStatusManager();
  private final Server server;
  private final String address;
  private final ServingThreads threads;
  private final Backups backups;
  private Future<?> healthCheck = CompletableFuture.completedFuture(null);

  /**
   * What a front end serves.
   *
   * @param clusterName the name that the cluster id is derived from
   * @param serverId this server's number
   * @param sessions the sessions that are attached here
   * @param watches their watches
   * @param feed what watches without sessions are served from
   * @param authentication judges who callers prove to be
   * @param authenticators tell who is at the other end of a connection
   * @param timer keeps the health status current
   */
  public record Core(
      String clusterName,
      int serverId,
      Coordinator coordinator,
      Consensus consensus,
      Sessions sessions,
      Watches watches,
      ChangeFeed feed,
      Authentication authentication,
      ImmutableList<Authenticator> authenticators,
      ScheduledExecutorService timer) {}

  /**
   * Takes what {@code builder} is made to listen on, which {@code address} names.
   *
   * @param threads serve the calls; they start and end with this front end
   * @param connections those that there are
   * @param rates how fast requests may come
   */
  GrpcFrontEnd(
      ServerBuilder<?> builder,
      String address,
      Core core,
      ServingThreads threads,
      ConnectionCount connections,
      RequestRates rates) {
    this.threads = threads;
    this.consensus = core.consensus();
    this.timer = core.timer();
    this.address = address;
    ReplyHeaders headers = new ReplyHeaders(core.clusterName(), core.serverId(), consensus);
    Rejections rejections = new Rejections(consensus);
    this.backups = new Backups(consensus, headers, rejections, InstantSource.system());
    UnaryCallers callers = new UnaryCallers(core.coordinator(), core.sessions());
    SessionService.Core sessionCore =
        new SessionService.Core(
            core.coordinator(),
            core.sessions(),
            core.watches(),
            core.authentication(),
            consensus,
            headers,
            rejections);
    this.server =
        builder
            .directExecutor()
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .addTransportFilter(new ConnectionIdentities(core.authenticators()))
            // The last one is asked first: no password is hashed of a call that comes too early.
            .intercept(new IdentityInterceptor(core.authentication(), rejections))
            .intercept(new Admittance(connections, rates, rejections))
            .addService(new TreeService(core.coordinator(), callers, headers, rejections))
            .addService(new SessionService(sessionCore, threads::current))
            .addService(new WatchService(core.feed(), headers, rejections))
            .addService(new ClusterService(core, headers, rejections, backups))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .intercept(new ClientAddress())
            .intercept(new CallTimes(core.coordinator().requestTimes()))
            .build();
  }

  /**
   * A front end that is to listen on {@code host} and {@code port}.
   *
   * @param tls how the port is protected; empty for plaintext
   * @param limits what it takes
   */
  public static GrpcFrontEnd listeningOn(
      String host, int port, Optional<PortTls> tls, FrontEndLimits limits, Core core) {
    EventLoops loops = new EventLoops();
    ConnectionCount connections =
        new ConnectionCount(limits.connectionsPerAddressMax(), limits.connectionsMax());
    NettyServerBuilder builder =
        loops
            .serve(
                NettyServerBuilder.forAddress(new InetSocketAddress(host, port)),
                new Doorkeeper(connections, tls.isPresent()))
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .keepAliveTime(SERVER_KEEP_ALIVE.toNanos(), NANOSECONDS)
            .permitKeepAliveTime(CLIENT_KEEP_ALIVE_MIN.toNanos(), NANOSECONDS)
            .permitKeepAliveWithoutCalls(true);
    tls.map(FrontEndTls::ofServer).ifPresent(builder::sslContext);
    RequestRates rates =
        new RequestRates(limits.requestsPerSecond(), limits.requestBurst(), Ticker.systemTicker());
    return new GrpcFrontEnd(builder, host + ":" + port, core, loops, connections, rates);
  }

  /**
   * Begins to serve.
   *
   * @throws StartupException {@code PORT_IN_USE}, or {@code BAD_CONFIGURATION} if the address is
   *     none of this machine's
   */
  public void start() {
    try {
      server.start();
    } catch (IOException failure) {
      throw cannotListen(failure);
    }
    threads.start();
    healthCheck =
        timer.scheduleWithFixedDelay(
            this::checkHealth, 0, HEALTH_INTERVAL.toMillis(), MILLISECONDS);
  }

  private StartupException cannotListen(IOException failure) {
    String cause = String.valueOf(Throwables.getRootCause(failure).getMessage());
    if (cause.contains("already in use")) {
      return new StartupException(
          ExitCode.PORT_IN_USE,
          "Cannot take clients at " + address + ": another process has this port");
    }
    return new StartupException(
        ExitCode.BAD_CONFIGURATION,
        "Cannot take clients at "
            + address
            + " ("
            + cause
            + "): is it an address of this machine?");
  }

  private void checkHealth() {
    health.setStatus(
        QUORUM, consensus.hasQuorum() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  /**
   * When all threads that serve calls had last been seen to come to their work, by {@link
   * System#nanoTime}.
   */
  public long lastAliveNanos() {
    return threads.lastAliveNanos();
  }

  /** What gRPC serves: all services, and all of their calls. */
  @VisibleForTesting
  Server server() {
    return server;
  }

  /** The port that it listens on; -1 where there is none. */
  public int port() {
    return server.getPort();
  }

  /** Takes no more calls, gives those under way a moment to end, then drops them. */
  @Override
  public void close() {
    healthCheck.cancel(false);
    health.enterTerminalState();
    server.shutdown();
    backups.close();
    try {
      if (!server.awaitTermination(STOP_MAX.toMillis(), MILLISECONDS)) {
        server.shutdownNow().awaitTermination(1, SECONDS);
      }
    } catch (InterruptedException interrupted) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      threads.close();
    }
  }
}
