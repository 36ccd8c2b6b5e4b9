package io.quoll.server;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.tls.Credentials;
import io.quoll.server.tls.PortTls;
import io.quoll.server.tls.TlsFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node's ports are protected, by the certificates that the configuration names. (ADR 25.)
 *
 * @param clients the port for clients; empty if it speaks plaintext
 * @param members the port between members; empty if it speaks plaintext
 * @param credentials all certificates in use
 * @param hosts the hosts of members
 */
record Transport(
    Optional<PortTls> clients,
    Optional<PortTls> members,
    ImmutableList<Credentials> credentials,
    MemberHosts hosts) {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
  private static final Duration LOOKS_APART = Duration.ofSeconds(2);

  /**
   * Reads the certificates.
   *
   * @throws StartupException {@code BAD_CONFIGURATION} if they cannot be used
   */
  static Transport open(ServerConfig config, InstantSource clock) {
    Optional<Credentials> ofClients = config.tls().map(tls -> read(tls, clock));
    Optional<Credentials> ofMembers = config.quorumTls().map(tls -> read(tls, clock));
    ofMembers.ifPresent(credentials -> warn(credentials, config.self()));
    MemberHosts hosts = new MemberHosts(config.members());
    return new Transport(
        ofClients.map(credentials -> forClients(config.tls().orElseThrow(), credentials)),
        ofMembers.map(
            credentials -> forMembers(config.quorumTls().orElseThrow(), credentials, hosts)),
        Stream.of(ofClients, ofMembers)
            .flatMap(Optional::stream)
            .collect(ImmutableList.toImmutableList()),
        hosts);
  }

  /**
   * With what a process that has the server's files calls the server; empty for plaintext.
   *
   * @throws StartupException {@code BAD_CONFIGURATION} if its certificates cannot be used
   */
  static Optional<PortTls> toItself(ServerConfig config, InstantSource clock) {
    return config
        .tls()
        .map(
            tls -> {
              Credentials own = read(tls, clock);
              return new PortTls(
                  own.keyManager(), own.selfTrustManager(), tls.clientAuth(), tls.protocols());
            });
  }

  private static Credentials read(TlsConfig tls, InstantSource clock) {
    try {
      return Credentials.read(tls.files(), clock);
    } catch (TlsFileException unusable) {
      throw new StartupException(ExitCode.BAD_CONFIGURATION, String.valueOf(unusable.getMessage()));
    }
  }

  private static PortTls forClients(TlsConfig tls, Credentials credentials) {
    return new PortTls(
        credentials.keyManager(), credentials.trustManager(), tls.clientAuth(), tls.protocols());
  }

  private static PortTls forMembers(TlsConfig tls, Credentials credentials, MemberHosts hosts) {
    return new PortTls(
        credentials.keyManager(),
        credentials.peerTrustManager(
            tls.verifiesServers(), tls.verifiesCallers() ? hosts : ImmutableSet::of),
        tls.clientAuth(),
        tls.protocols());
  }

  // The others are configured alike, as a rule: what this server would refuse, they will.
  private static void warn(Credentials credentials, Peer self) {
    if (!credentials.isFor(self.host())) {
      LOG.warn(
          "The certificate for the other servers is for {}, and not for this server's host, {}:"
              + " they will refuse it unless they are told not to look at hosts",
          credentials.names(),
          self.host());
    }
    if (!credentials.trustsItself()) {
      LOG.warn(
          "The certificate for the other servers is not signed by anybody whom this server trusts:"
              + " if they trust the same, they will refuse it");
    }
  }

  /** Has {@code timer} look every few seconds whether there are new certificates. */
  void watchFiles(ScheduledExecutorService timer) {
    for (Credentials each : credentials) {
      var unused =
          timer.scheduleWithFixedDelay(
              each::check, LOOKS_APART.toMillis(), LOOKS_APART.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
