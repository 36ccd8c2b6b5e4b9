package io.quoll.server;

import io.quoll.server.coordination.StartupException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Plaintext is for loopback, unless the configuration says plainly that it is wanted: for a network
 * that is protected otherwise. Nobody gets there by leaving something out. (ADR 25.)
 */
final class PlaintextRule {
  private final ConfigFile file;

  PlaintextRule(ConfigFile file) {
    this.file = file;
  }

  /**
   * Refuses plaintext to others.
   *
   * @param clientHost where this server takes clients
   * @param own this server's line among the members, if there are any
   * @throws StartupException {@code BAD_CONFIGURATION}
   */
  void check(String clientHost, boolean clientTls, Optional<MemberLine> own, boolean quorumTls) {
    if (file.flag(TlsKeys.ALLOW_PLAINTEXT, false)) {
      return;
    }
    if (own.isPresent() && !quorumTls && !isLoopback(own.get().peer().host())) {
      throw file.error(
          own.get().key(),
          """
          has this server talk to the others at %s without TLS, where whoever reaches the port could \
          take part; set sslQuorum=true and certificates, or %s=true if the network is safe""",
          own.get().peer().host(),
          TlsKeys.ALLOW_PLAINTEXT);
    }
    if (!clientTls && !isLoopback(clientHost)) {
      throw file.error(
          own.map(MemberLine::key).orElse(ConfigKeys.CLIENT_PORT_ADDRESS),
          """
          has this server take clients at %s without TLS; set ssl.keyStore.location to a \
          certificate, or %s=true if the network is safe""",
          clientHost,
          TlsKeys.ALLOW_PLAINTEXT);
    }
  }

  // A name that nobody knows now may be known later, as anything.
  private static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException unknown) {
      return false;
    }
  }
}
