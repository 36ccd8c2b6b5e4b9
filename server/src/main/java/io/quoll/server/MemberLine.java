package io.quoll.server;

import com.google.common.net.HostAndPort;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code server.N} line of the configuration.
 *
 * @param key the key, {@code server.N}
 * @param peer the member
 * @param hasElectionPort whether it names a port for elections, as ZooKeeper's do
 * @param clientHost where the member takes clients, if the line says so
 * @param clientPort the port there, if the line says so
 */
record MemberLine(
    String key,
    Peer peer,
    boolean hasElectionPort,
    Optional<String> clientHost,
    OptionalInt clientPort) {
  private static final int ID_MAX = 255;
  private static final String HOST = "(\\[[0-9a-fA-F:.%]+]|[^:;|\\[\\]\\s]+)";
  private static final Pattern LINE =
      Pattern.compile(
          HOST
              + ":(\\d{1,5})(?::(\\d{1,5}))?(?::(participant|observer))?"
              + "(?:;(?:"
              + HOST
              + ":)?(\\d{1,5}))?");

  static MemberLine parse(ConfigFile file, String key) {
    String value = file.value(key).orElseThrow();
    Matcher matcher = LINE.matcher(value);
    if (!matcher.matches()) {
      throw file.error(
          key, "takes host:port[:participant|observer][;[address:]grpcPort], not \"%s\"", value);
    }
    String clientPort = matcher.group(6);
    String host = bare(matcher.group(1));
    Peer peer =
        new Peer(
            id(file, key),
            host,
            port(file, key, matcher.group(2)),
            "observer".equals(matcher.group(4)),
            clientAddress(file, key, host, matcher.group(5), clientPort));
    return new MemberLine(
        key,
        peer,
        matcher.group(3) != null,
        Optional.ofNullable(matcher.group(5)).map(MemberLine::bare),
        clientPort == null ? OptionalInt.empty() : OptionalInt.of(port(file, key, clientPort)));
  }

  // Nobody can call a wildcard; the member's peers call it by its host, so clients may as well.
  private static String clientAddress(
      ConfigFile file,
      String key,
      String host,
      @Nullable String clientHost,
      @Nullable String port) {
    boolean isWildcard = clientHost == null || ServerConfig.isWildcard(bare(clientHost));
    return HostAndPort.fromParts(
            clientHost == null || isWildcard ? host : bare(clientHost),
            port == null ? ServerConfig.GRPC_PORT_DEFAULT : port(file, key, port))
        .toString();
  }

  private static int id(ConfigFile file, String key) {
    String digits = key.substring(ConfigKeys.SERVER_PREFIX.length());
    if (digits.matches("[1-9]\\d{0,2}") && Integer.parseInt(digits) <= ID_MAX) {
      return Integer.parseInt(digits);
    }
    throw file.error(key, "names no server: the number after the dot is 1 to %d", ID_MAX);
  }

  private static int port(ConfigFile file, String key, String digits) {
    int port = Integer.parseInt(digits);
    if (port < 1 || port > 65_535) {
      throw file.error(key, "names port %d, but ports are 1 to 65535", port);
    }
    return port;
  }

  // An IPv6 address stands in brackets.
  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
