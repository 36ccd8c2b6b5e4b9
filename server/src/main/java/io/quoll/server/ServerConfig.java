package io.quoll.server;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.Authentication;
import io.quoll.server.grpc.FrontEndLimits;
import io.quoll.statemachine.store.HistoryLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * The configuration of a node, as its file says, read once. {@code conf/quoll.cfg} explains it.
 *
 * @param serverId this node's number; 1 if it is standalone
 * @param clusterName tells this ensemble from others
 * @param dataDirectory where the node keeps its identity, its store and its snapshots
 * @param logDirectory where it keeps the Raft log; may be {@code dataDirectory}
 * @param members all members in the order of their numbers; a standalone node is the only one, and
 *     its port is 0 for any that is free
 * @param standalone whether the file names no member
 * @param grpcHost where the node takes clients: the host that it binds to
 * @param grpcPort the port there
 * @param adminHost where the node takes requests of its administrator
 * @param adminPort the port there; 0 for none
 * @param auditDirectory where the audit log goes; empty if there is none
 * @param tracing whether writes are followed by OpenTelemetry
 * @param tickTime ZooKeeper's unit of time, in which sessions are looked after
 * @param minSessionTimeout the shortest timeout that a session may have
 * @param maxSessionTimeout the longest
 * @param containerCheckInterval how often containers and znodes with a time to live are looked at
 * @param containersPerMinute how many of them are deleted in a minute at most
 * @param initLimit how many ticks a member may take to come up to date
 * @param syncLimit how many ticks a member may lag behind
 * @param snapshotEntries how many log entries after a snapshot the next is taken
 * @param snapshotLogBytes how many bytes of log after a snapshot the next is taken
 * @param snapshotInterval how long after a snapshot the next is taken
 * @param logEntriesKept how many log entries are kept behind a snapshot
 * @param logSegmentBytes the size of a file of the log
 * @param history how far back what happened to the tree is kept, for watches
 * @param limits what the port for clients takes from them
 * @param tls how the port for clients is protected; empty if it speaks plaintext
 * @param quorumTls how the port between members is protected; empty if it speaks plaintext
 * @param authentication how callers are judged
 * @param superSubject the subject of the certificate that makes its owner super; empty if there is
 *     none
 * @param warnings what the administrator should know of the file, each with its line
 */
public record ServerConfig(
    int serverId,
    String clusterName,
    Path dataDirectory,
    Path logDirectory,
    ImmutableList<Peer> members,
    boolean standalone,
    String grpcHost,
    int grpcPort,
    String adminHost,
    int adminPort,
    Optional<Path> auditDirectory,
    boolean tracing,
    Duration tickTime,
    Duration minSessionTimeout,
    Duration maxSessionTimeout,
    Duration containerCheckInterval,
    int containersPerMinute,
    int initLimit,
    int syncLimit,
    long snapshotEntries,
    long snapshotLogBytes,
    Duration snapshotInterval,
    int logEntriesKept,
    long logSegmentBytes,
    HistoryLimits history,
    FrontEndLimits limits,
    Optional<TlsConfig> tls,
    Optional<TlsConfig> quorumTls,
    Authentication.Settings authentication,
    Optional<X500Principal> superSubject,
    ImmutableList<String> warnings) {
  /** Where clients are taken if nothing else is said. */
  static final int GRPC_PORT_DEFAULT = 7181;

  /**
   * Reads the configuration {@code file}, and {@code myid} where there are members.
   *
   * @throws io.quoll.server.coordination.StartupException {@code BAD_CONFIGURATION}, with the file,
   *     the line and the key
   */
  public static ServerConfig read(Path file) {
    return new ConfigParser(ConfigFile.read(file)).parse();
  }

  /** The member that this node is. */
  public Peer self() {
    return members.stream()
        .filter(member -> member.serverId() == serverId)
        .findFirst()
        .orElseThrow();
  }

  /** Where others reach this node's clients' port, as {@code host:port}. */
  public String clientAddress() {
    // Nobody can call a wildcard; the node's peers call it by its host, so clients may as well.
    String host = isWildcard(grpcHost) ? self().host() : grpcHost;
    return HostAndPort.fromParts(host, grpcPort).toString();
  }

  /** Where this very machine reaches this node's clients' port: a host to connect to. */
  public String localHost() {
    return isWildcard(grpcHost) ? "127.0.0.1" : grpcHost;
  }

  static boolean isWildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }
}
