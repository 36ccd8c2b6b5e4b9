package io.quoll.server;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.quoll.server.ConfigKeys.ADMIN_ADDRESS;
import static io.quoll.server.ConfigKeys.ADMIN_PORT;
import static io.quoll.server.ConfigKeys.ADMIN_REMOTE;
import static io.quoll.server.ConfigKeys.AUDIT_DIR;
import static io.quoll.server.ConfigKeys.AUDIT_ENABLE;
import static io.quoll.server.ConfigKeys.CLIENT_PORT;
import static io.quoll.server.ConfigKeys.CLIENT_PORT_ADDRESS;
import static io.quoll.server.ConfigKeys.CLUSTER_NAME;
import static io.quoll.server.ConfigKeys.COMMIT_LOG_COUNT;
import static io.quoll.server.ConfigKeys.CONTAINERS_PER_MINUTE;
import static io.quoll.server.ConfigKeys.CONTAINER_CHECK_INTERVAL;
import static io.quoll.server.ConfigKeys.DATA_DIR;
import static io.quoll.server.ConfigKeys.DATA_LOG_DIR;
import static io.quoll.server.ConfigKeys.GRPC_PORT;
import static io.quoll.server.ConfigKeys.HISTORY_AGE_IN_MINUTES;
import static io.quoll.server.ConfigKeys.HISTORY_EVENTS;
import static io.quoll.server.ConfigKeys.HISTORY_SIZE_LIMIT_IN_KB;
import static io.quoll.server.ConfigKeys.INIT_LIMIT;
import static io.quoll.server.ConfigKeys.MAX_CLIENT_CONNECTIONS;
import static io.quoll.server.ConfigKeys.MAX_CONNECTIONS;
import static io.quoll.server.ConfigKeys.MAX_SESSION_TIMEOUT;
import static io.quoll.server.ConfigKeys.MIN_SESSION_TIMEOUT;
import static io.quoll.server.ConfigKeys.REQUEST_RATE_BURST;
import static io.quoll.server.ConfigKeys.REQUEST_RATE_LIMIT;
import static io.quoll.server.ConfigKeys.SERVER_PREFIX;
import static io.quoll.server.ConfigKeys.SNAP_COUNT;
import static io.quoll.server.ConfigKeys.SNAP_INTERVAL_IN_MINUTES;
import static io.quoll.server.ConfigKeys.SNAP_SIZE_LIMIT_IN_KB;
import static io.quoll.server.ConfigKeys.SYNC_LIMIT;
import static io.quoll.server.ConfigKeys.TICK_TIME;
import static io.quoll.server.ConfigKeys.TRACING_ENABLE;
import static io.quoll.server.ConfigKeys.TXN_LOG_SIZE_LIMIT_IN_KB;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.grpc.FrontEndLimits;
import io.quoll.statemachine.store.HistoryLimits;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Makes a {@link ServerConfig} of the lines of a file; used once. */
final class ConfigParser {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int ADMIN_PORT_DEFAULT = 7180;
  private static final int STANDALONE_ID = 1;
  private static final int MIN_SESSION_TICKS = 2;
  private static final int MAX_SESSION_TICKS = 20;
  private static final int REQUEST_RATE_MAX = 1_000_000_000;

  // Many sessions share a connection, and many hosts an address; ZooKeeper's 60 are soon too few.
  private static final int CONNECTIONS_PER_ADDRESS = 1_000;

  private final ConfigFile file;
  private final ImmutableList.Builder<String> warnings = ImmutableList.builder();

  ConfigParser(ConfigFile file) {
    this.file = file;
  }

  ServerConfig parse() {
    file.lines().keySet().forEach(this::checkKey);
    ImmutableList<MemberLine> lines = memberLines();
    Path dataDirectory = directory(DATA_DIR).orElseThrow(() -> missing(DATA_DIR));
    boolean standalone = lines.isEmpty();
    Duration tickTime = Duration.ofMillis(file.number(TICK_TIME, 2_000, 1, 3_600_000));
    Duration timeoutMin =
        sessionTimeout(MIN_SESSION_TIMEOUT, tickTime.multipliedBy(MIN_SESSION_TICKS));
    Duration timeoutMax =
        sessionTimeout(MAX_SESSION_TIMEOUT, tickTime.multipliedBy(MAX_SESSION_TICKS));
    checkSessionTimeouts(timeoutMin, timeoutMax);
    int serverId = standalone ? STANDALONE_ID : MyId.read(dataDirectory, lines);
    Optional<MemberLine> own =
        lines.stream().filter(line -> line.peer().serverId() == serverId).findFirst();
    String grpcHost = grpcHost(own);
    TlsKeys tls = new TlsKeys(file);
    Optional<TlsConfig> clientTls = tls.ofClients();
    Optional<TlsConfig> quorumTls = tls.ofMembers();
    AuthenticationKeys authentication = new AuthenticationKeys(file, clientTls);
    ServerConfig config =
        new ServerConfig(
            serverId,
            clusterName(),
            dataDirectory,
            directory(DATA_LOG_DIR).orElse(dataDirectory),
            standalone
                ? ImmutableList.of(new Peer(STANDALONE_ID, LOOPBACK, 0, false, ""))
                : lines.stream().map(MemberLine::peer).collect(toImmutableList()),
            standalone,
            grpcHost,
            grpcPort(own),
            adminHost(),
            adminPort(),
            auditDirectory(dataDirectory),
            isTrue(TRACING_ENABLE),
            tickTime,
            timeoutMin,
            timeoutMax,
            Duration.ofMillis(file.number(CONTAINER_CHECK_INTERVAL, 60_000, 1, Integer.MAX_VALUE)),
            file.number(CONTAINERS_PER_MINUTE, 10_000, 1, Integer.MAX_VALUE),
            file.number(INIT_LIMIT, 10, 1, Integer.MAX_VALUE),
            file.number(SYNC_LIMIT, 5, 1, Integer.MAX_VALUE),
            file.number(SNAP_COUNT, 100_000, 2, Integer.MAX_VALUE),
            1024L * file.number(SNAP_SIZE_LIMIT_IN_KB, 512 * 1024, 1_024, Integer.MAX_VALUE),
            Duration.ofMinutes(file.number(SNAP_INTERVAL_IN_MINUTES, 60, 1, 365 * 24 * 60)),
            file.number(COMMIT_LOG_COUNT, 100_000, 1, Integer.MAX_VALUE),
            1024L * file.number(TXN_LOG_SIZE_LIMIT_IN_KB, 64 * 1024, 64, 1024 * 1024),
            history(),
            limits(),
            clientTls,
            quorumTls,
            authentication.settings(),
            authentication.superSubject(),
            warnings.build());
    new PlaintextRule(file).check(grpcHost, clientTls.isPresent(), own, quorumTls.isPresent());
    return config;
  }

  private FrontEndLimits limits() {
    int rate = file.number(REQUEST_RATE_LIMIT, 0, 0, REQUEST_RATE_MAX);
    int burst = file.number(REQUEST_RATE_BURST, Math.max(1, rate), 1, REQUEST_RATE_MAX);
    return new FrontEndLimits(
        file.number(MAX_CLIENT_CONNECTIONS, CONNECTIONS_PER_ADDRESS, 0, Integer.MAX_VALUE),
        file.number(MAX_CONNECTIONS, 0, 0, Integer.MAX_VALUE),
        rate,
        burst);
  }

  // As in other places of this file 0 stands for nothing, here for no port.
  private int adminPort() {
    return file.number(ADMIN_PORT, ADMIN_PORT_DEFAULT, 0, 65_535);
  }

  // By its name alone, for a name may lead elsewhere tomorrow.
  private String adminHost() {
    String host = file.value(ADMIN_ADDRESS).orElse(LOOPBACK);
    boolean loopback =
        host.equals("localhost")
            || (InetAddresses.isInetAddress(host)
                && InetAddresses.forString(host).isLoopbackAddress());
    boolean allowed = isTrue(ADMIN_REMOTE);
    if (!loopback && !allowed) {
      throw file.error(
          ADMIN_ADDRESS,
          "is %s, and who reaches it reads the metrics without TLS and without a password; "
              + "%s=true allows that",
          host,
          ADMIN_REMOTE);
    }
    return host;
  }

  private boolean isTrue(String key) {
    String value = file.value(key).orElse("false");
    if (!value.equals("true") && !value.equals("false")) {
      throw file.error(key, "takes true or false, not \"%s\"", value);
    }
    return value.equals("true");
  }

  private Optional<Path> auditDirectory(Path dataDirectory) {
    Path directory = directory(AUDIT_DIR).orElse(dataDirectory.resolve("audit"));
    return isTrue(AUDIT_ENABLE) ? Optional.of(directory) : Optional.empty();
  }

  private HistoryLimits history() {
    int minutes = file.number(HISTORY_AGE_IN_MINUTES, 24 * 60, 1, 365 * 24 * 60);
    return new HistoryLimits(
        file.number(HISTORY_EVENTS, 1_000_000, 1_000, Integer.MAX_VALUE),
        1024L * file.number(HISTORY_SIZE_LIMIT_IN_KB, 256 * 1024, 1_024, Integer.MAX_VALUE),
        Duration.ofMinutes(minutes).toMillis());
  }

  // As in ZooKeeper, -1 stands for the default.
  private Duration sessionTimeout(String key, Duration byDefault) {
    boolean defaulted = file.value(key).filter(value -> !value.equals("-1")).isEmpty();
    return defaulted ? byDefault : Duration.ofMillis(file.number(key, 0, 1, Integer.MAX_VALUE));
  }

  private void checkSessionTimeouts(Duration least, Duration most) {
    if (least.compareTo(most) > 0) {
      throw file.error(
          file.value(MAX_SESSION_TIMEOUT).isPresent() ? MAX_SESSION_TIMEOUT : MIN_SESSION_TIMEOUT,
          "makes the longest timeout of a session %d ms, and the shortest %d ms",
          most.toMillis(),
          least.toMillis());
    }
  }

  private void checkKey(String key) {
    if (ConfigKeys.isKnown(key)) {
      return;
    }
    String reason =
        ConfigKeys.meaninglessBecause(key)
            .orElseThrow(
                () ->
                    file.error(
                        key,
                        "is no key of this configuration%s",
                        ConfigKeys.nearest(key)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("")));
    warnings.add(file.warning(key, key + " has no effect here: " + reason));
  }

  private ImmutableList<MemberLine> memberLines() {
    ImmutableList<MemberLine> lines =
        file.lines().keySet().stream()
            .filter(key -> key.startsWith(SERVER_PREFIX))
            .map(key -> MemberLine.parse(file, key))
            .sorted(Comparator.comparingInt(line -> line.peer().serverId()))
            .collect(toImmutableList());
    lines.forEach(this::warnOfElectionPort);
    checkAddresses(lines);
    checkVoters(lines);
    return lines;
  }

  private void warnOfElectionPort(MemberLine line) {
    if (line.hasElectionPort()) {
      warnings.add(
          file.warning(
              line.key(), line.key() + " names an election port, which is not needed and ignored"));
    }
  }

  private void checkAddresses(ImmutableList<MemberLine> lines) {
    Map<HostAndPort, String> keys = new HashMap<>();
    for (MemberLine line : lines) {
      HostAndPort address = HostAndPort.fromParts(line.peer().host(), line.peer().port());
      String other = keys.putIfAbsent(address, line.key());
      if (other != null) {
        throw file.error(line.key(), "has the address of %s, %s", other, address);
      }
    }
  }

  private void checkVoters(ImmutableList<MemberLine> lines) {
    long voters = lines.stream().filter(line -> !line.peer().observer()).count();
    if (!lines.isEmpty() && voters == 0) {
      throw file.error(lines.get(0).key(), "is an observer, as all are; somebody has to vote");
    }
    if (voters > 0 && voters % 2 == 0) {
      warnings.add(
          file.warning(
              lines.get(0).key(),
              "%d voters bear the loss of no more servers than %d do; an odd number is better"
                  .formatted(voters, voters - 1)));
    }
  }

  private String clusterName() {
    String name = file.value(CLUSTER_NAME).orElse("quoll");
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw file.error(
          CLUSTER_NAME,
          "takes 1 to 64 letters, digits, dots, dashes and underscores, not \"%s\"",
          name);
    }
    return name;
  }

  private Optional<Path> directory(String key) {
    return file.value(key).map(value -> directory(key, value));
  }

  private Path directory(String key, String value) {
    if (value.isEmpty()) {
      throw file.error(key, "is empty; it takes the path of a directory");
    }
    try {
      return Path.of(value);
    } catch (InvalidPathException invalid) {
      throw file.error(key, "takes the path of a directory, not \"%s\"", value);
    }
  }

  private StartupException missing(String key) {
    return file.error(key, "is missing: say in which directory the server keeps its data");
  }

  private String grpcHost(Optional<MemberLine> own) {
    Optional<String> ofLine = own.flatMap(MemberLine::clientHost);
    Optional<String> ofKey = file.value(CLIENT_PORT_ADDRESS).filter(host -> !host.isEmpty());
    if (ofLine.isPresent() && ofKey.isPresent() && !ofLine.equals(ofKey)) {
      throw file.error(
          CLIENT_PORT_ADDRESS,
          "is %s, but %s says %s",
          ofKey.get(),
          own.orElseThrow().key(),
          ofLine.get());
    }
    return ofLine.or(() -> ofKey).or(() -> own.map(line -> line.peer().host())).orElse(LOOPBACK);
  }

  private int grpcPort(Optional<MemberLine> own) {
    int ofLine = own.map(MemberLine::clientPort).map(port -> port.orElse(0)).orElse(0);
    int ofClientPort = agreeing(CLIENT_PORT, file.port(CLIENT_PORT, 0), ofLine);
    int ofGrpcPort = agreeing(GRPC_PORT, file.port(GRPC_PORT, 0), ofClientPort);
    return ofGrpcPort == 0 ? ServerConfig.GRPC_PORT_DEFAULT : ofGrpcPort;
  }

  // One port may be written in three places; 0 stands for a place that says nothing.
  private int agreeing(String key, int port, int elsewhere) {
    if (port != 0 && elsewhere != 0 && port != elsewhere) {
      throw file.error(key, "is %d, but another line gives clients port %d", port, elsewhere);
    }
    return port == 0 ? elsewhere : port;
  }
}
