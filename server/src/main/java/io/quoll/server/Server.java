package io.quoll.server;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.quoll.server.Heartbeat.Part;
import io.quoll.server.ReplicaFactory.Replica;
import io.quoll.server.admin.Administration;
import io.quoll.server.admin.AuditFile;
import io.quoll.server.admin.AuditLog;
import io.quoll.server.admin.NodeParts;
import io.quoll.server.admin.OpenTelemetryTracing;
import io.quoll.server.consensus.ConsensusConfig;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.AppliedListeners;
import io.quoll.server.coordination.ApplyMeter;
import io.quoll.server.coordination.Authentication;
import io.quoll.server.coordination.ChangeFeed;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.Consensus.Standing;
import io.quoll.server.coordination.Coordinator;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.server.coordination.Measured;
import io.quoll.server.coordination.PerishableCleaner;
import io.quoll.server.coordination.QuotaAlarms;
import io.quoll.server.coordination.QuotaCounter;
import io.quoll.server.coordination.SessionClockwork;
import io.quoll.server.coordination.SessionExpirer;
import io.quoll.server.coordination.SessionTiming;
import io.quoll.server.coordination.Sessions;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.coordination.TouchReporter;
import io.quoll.server.coordination.Watches;
import io.quoll.server.coordination.ZxidWaiters;
import io.quoll.server.grpc.CertificateAuthenticator;
import io.quoll.server.grpc.GrpcFrontEnd;
import io.quoll.server.tls.PortTls;
import io.quoll.statemachine.store.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: builds every object once, in order, and closes them in reverse. Started and closed by one
 * thread each.
 */
final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final ServerConfig config;
  private final Deque<Runnable> closers = new ArrayDeque<>();

  private Server(ServerConfig config) {
    this.config = config;
  }

  /**
   * A node that serves.
   *
   * @param supervisor is told how the node stands
   * @throws StartupException if it cannot; what was started by then is closed again
   */
  static Server start(
      ServerConfig config, ReplicaFactory replicas, FatalHandler fatal, Supervisor supervisor) {
    Server server = new Server(config);
    try {
      server.build(replicas, fatal, supervisor);
      return server;
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  /** The version of this software; "unknown" where it does not run from its jar. */
  static String version() {
    String version = Server.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private void build(ReplicaFactory replicas, FatalHandler fatal, Supervisor supervisor) {
    config.warnings().forEach(LOG::warn);
    prepareDirectory(config.dataDirectory());
    prepareDirectory(config.logDirectory());
    ScheduledThreadPoolExecutor timer = timer("quoll-timer");
    closers.push(timer::shutdownNow);
    Transport transport = Transport.open(config, InstantSource.system());
    ScheduledThreadPoolExecutor fileTimer = timer("quoll-certificates"); // It may wait for a disk.
    closers.push(fileTimer::shutdownNow);
    transport.watchFiles(fileTimer);
    ConsensusConfig consensusConfig = consensusConfig(transport);
    Ports.requireFree(config.grpcHost(), config.grpcPort(), "take clients");
    if (config.adminPort() != 0) {
      Ports.requireFree(config.adminHost(), config.adminPort(), "answer administrators");
    }

    StateStore store = replicas.openStore(config.dataDirectory(), config.history());
    closers.push(store::close);
    AppliedListeners listeners = new AppliedListeners();
    Replica replica = replicas.prepare(consensusConfig, store, listeners, fatal);
    closers.push(replica.stop());
    transport.hosts().follow(replica.consensus()::members);
    Watches watches = new Watches(store);
    listeners.add(watches);
    Sessions sessions = new Sessions(replica.consensus(), store, sessionTiming());
    listeners.add(sessions);
    SessionExpirer expirer =
        new SessionExpirer(replica.consensus(), store, sessionTiming(), System::nanoTime);
    listeners.add(expirer);
    replica.consensus().setTouchReceiver(expirer);
    listeners.add(new QuotaAlarms(System::nanoTime));
    ZxidWaiters waiters = new ZxidWaiters(store.publishedZxid(), timer);
    listeners.add(waiters);
    Coordinator coordinator =
        new Coordinator(replica.consensus(), store, waiters, readThreads(), fatal);
    closers.push(coordinator::close);
    ChangeFeed feed = new ChangeFeed(store, coordinator, timer, fatal);
    listeners.add(feed);
    ApplyMeter applied = new ApplyMeter();
    listeners.add(applied);
    Authentication authentication = new Authentication(config.authentication());
    GrpcFrontEnd frontEnd =
        frontEnd(
            new GrpcFrontEnd.Core(
                config.clusterName(),
                config.serverId(),
                coordinator,
                replica.consensus(),
                sessions,
                watches,
                feed,
                authentication,
                ImmutableList.of(new CertificateAuthenticator(config.superSubject())),
                timer),
            transport);

    if (config.tracing()) {
      replica.consensus().traceBy(OpenTelemetryTracing.ofProcess(config.serverId()));
    }
    Measured audit = audit(coordinator, sessions, expirer);
    Optional<Administration> administration =
        administration(
            new NodeParts(
                replica.consensus(),
                store,
                coordinator,
                sessions,
                expirer,
                watches,
                feed,
                applied,
                audit),
            authentication);
    supervisor.starting("Starting; a new server waits until enough of the others answer");
    replica.start().run();
    closers.push(clockwork(replica.consensus(), store, sessions, expirer, fatal)::close);
    closers.push(frontEnd::close);
    closers.push(feed::close);
    closers.push(sessions::close); // Clients hear why their streams end, before the port closes.
    frontEnd.start();
    ServingMark mark = ServingMark.in(config.dataDirectory());
    closers.push(mark::clear);
    mark.set();
    supervisor.ready();
    Heartbeat heartbeat = heartbeat(supervisor, replica, frontEnd);
    closers.push(heartbeat::close);
    closers.push(supervisor::stopping);
    administration.ifPresent(
        admin -> {
          admin.health().serving(heartbeat::ailment);
          closers.push(admin.health()::stopping);
        });
    LOG.info(
        "Server {} of {} takes clients at {}:{} {}",
        config.serverId(),
        config.clusterName(),
        config.grpcHost(),
        config.grpcPort(),
        transport.clients().isPresent() ? "by TLS" : "without TLS");
  }

  private Measured audit(Coordinator coordinator, Sessions sessions, SessionExpirer expirer) {
    if (config.auditDirectory().isEmpty()) {
      return nothing -> {};
    }
    Path directory = config.auditDirectory().get();
    prepareDirectory(directory);
    AuditLog audit =
        new AuditLog(config.serverId(), AuditFile.in(directory), InstantSource.system());
    closers.push(audit::close);
    audit.start();
    coordinator.auditBy(audit, sessions::clientAddress);
    sessions.auditBy(audit);
    expirer.auditBy(audit);
    return audit;
  }

  private Optional<Administration> administration(NodeParts parts, Authentication authentication) {
    if (config.adminPort() == 0) {
      return Optional.empty();
    }
    Administration administration =
        new Administration(
            AdminSettings.of(config, version()),
            parts,
            authentication.hasSuperPassword()
                ? Optional.of(authentication::isSuper)
                : Optional.empty());
    closers.push(administration::close);
    administration.start();
    LOG.info("Administrators are answered at {}:{}", config.adminHost(), config.adminPort());
    return Optional.of(administration);
  }

  private static Heartbeat heartbeat(
      Supervisor supervisor, Replica replica, GrpcFrontEnd frontEnd) {
    Heartbeat heartbeat =
        new Heartbeat(
            supervisor,
            ImmutableList.of(
                new Part("agreeing and applying", replica.lastAliveNanos()),
                new Part("serving clients", frontEnd::lastAliveNanos)),
            () -> status(replica.consensus()),
            System::nanoTime);
    heartbeat.start();
    return heartbeat;
  }

  private static String status(Consensus consensus) {
    Standing standing = consensus.standing();
    return "Serving as %s; %s; zxid 0x%x; version %s"
        .formatted(
            Ascii.toLowerCase(standing.role().toString()),
            consensus.hasQuorum() ? "the leader is server " + standing.leaderId() : "no quorum",
            standing.zxid(),
            standing.version());
  }

  private GrpcFrontEnd frontEnd(GrpcFrontEnd.Core core, Transport transport) {
    return GrpcFrontEnd.listeningOn(
        config.grpcHost(), config.grpcPort(), transport.clients(), config.limits(), core);
  }

  private SessionClockwork clockwork(
      Consensus consensus,
      StateStore store,
      Sessions sessions,
      SessionExpirer expirer,
      FatalHandler fatal) {
    TouchReporter reporter =
        new TouchReporter(sessions, consensus, sessionTiming(), System::nanoTime);
    PerishableCleaner cleaner =
        new PerishableCleaner(
            consensus,
            store,
            config.containerCheckInterval(),
            config.containersPerMinute(),
            InstantSource.system(),
            System::nanoTime);
    QuotaCounter counter = new QuotaCounter(consensus, store, System::nanoTime);
    SessionClockwork clockwork = new SessionClockwork(fatal);
    clockwork.run(sessionTiming().interval(), expirer::check);
    clockwork.run(sessionTiming().interval(), reporter::report);
    clockwork.run(PerishableCleaner.STEP, cleaner::step);
    clockwork.run(QuotaCounter.STEP, counter::step);
    return clockwork;
  }

  private SessionTiming sessionTiming() {
    return new SessionTiming(
        config.tickTime(), config.minSessionTimeout(), config.maxSessionTimeout());
  }

  // Reads from disk overlap, so there are more threads than processors.
  private static int readThreads() {
    return Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
  }

  private static ScheduledThreadPoolExecutor timer(String name) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, new ThreadFactoryBuilder().setNameFormat(name).setDaemon(true).build());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  private ConsensusConfig consensusConfig(Transport transport) {
    if (!config.standalone()) {
      Ports.requireFree(config.self().host(), config.self().port(), "talk to the other servers");
      return consensusConfig(config, config.members(), transport.members());
    }
    Peer self = config.self();
    int port = Ports.anyFree(self.host());
    return consensusConfig(
        config,
        ImmutableList.of(new Peer(self.serverId(), self.host(), port, false, "")),
        Optional.empty());
  }

  /** What consensus has to know, with these members, and {@code tls} between them. */
  static ConsensusConfig consensusConfig(
      ServerConfig config, ImmutableList<Peer> members, Optional<PortTls> tls) {
    return new ConsensusConfig(
        config.serverId(),
        config.clusterName(),
        members,
        config.dataDirectory(),
        config.logDirectory(),
        config.clientAddress(),
        version(),
        config.snapshotEntries(),
        config.snapshotLogBytes(),
        config.snapshotInterval(),
        config.logEntriesKept(),
        config.logSegmentBytes(),
        tls);
  }

  private static void prepareDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "writable", ".tmp"));
    } catch (IOException failure) {
      throw new StartupException(
          ExitCode.BAD_DATA_DIRECTORY,
          "Cannot write to the directory %s (%s): check its owner and permissions"
              .formatted(directory.toAbsolutePath(), failure));
    }
  }

  /** Takes no more clients, leaves the ensemble, closes the store. Goes on past what fails. */
  @Override
  public void close() {
    while (!closers.isEmpty()) {
      try {
        closers.pop().run();
      } catch (RuntimeException failure) { // What is left must be closed all the same.
        LOG.warn("A part of the server did not close in order", failure);
      }
    }
  }
}
