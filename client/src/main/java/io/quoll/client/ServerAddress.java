package io.quoll.client;

import com.google.common.net.HostAndPort;

/** Where a server takes clients. */
public record ServerAddress(String host, int port) {
  /** The port that a server listens on if nobody says otherwise. */
  public static final int DEFAULT_PORT = 7181;

  /**
   * The address that {@code text} spells: {@code HOST}, {@code HOST:PORT} or {@code [IPV6]:PORT}.
   *
   * @throws IllegalArgumentException if it spells none, with a message that says so
   */
  public static ServerAddress of(String text) {
    HostAndPort parsed;
    try {
      parsed = HostAndPort.fromString(text.strip()).withDefaultPort(DEFAULT_PORT);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("\"" + text + "\" is no HOST:PORT", malformed);
    }
    if (parsed.getHost().isEmpty() || parsed.getPort() == 0) {
      throw new IllegalArgumentException("\"" + text + "\" is no HOST:PORT");
    }
    return new ServerAddress(parsed.getHost(), parsed.getPort());
  }

  @Override
  public String toString() {
    return HostAndPort.fromParts(host, port).toString();
  }
}
