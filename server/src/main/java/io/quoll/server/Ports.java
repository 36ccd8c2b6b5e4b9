package io.quoll.server;

import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks at ports before anything is started on them, for the sake of clear errors. */
final class Ports {
  private Ports() {}

  /**
   * Makes sure that this process can listen on {@code host} and {@code port}.
   *
   * @param purpose what for, as the message has it: "take clients"
   * @throws StartupException {@code PORT_IN_USE} if another process does; {@code BAD_CONFIGURATION}
   *     if the host is none of this machine's
   */
  static void requireFree(String host, int port, String purpose) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new StartupException(
          ExitCode.BAD_CONFIGURATION,
          "Cannot %s at %s:%d: the name is not known".formatted(purpose, host, port));
    }
    try {
      bind(address);
    } catch (BindException failure) {
      throw cannotBind(failure, "%s at %s:%d".formatted(purpose, host, port));
    } catch (IOException failure) {
      throw new StartupException(
          ExitCode.UNEXPECTED, "Cannot %s at %s:%d: %s".formatted(purpose, host, port, failure));
    }
  }

  private static StartupException cannotBind(BindException failure, String what) {
    if (String.valueOf(failure.getMessage()).contains("in use")) {
      return new StartupException(
          ExitCode.PORT_IN_USE, "Cannot " + what + ": another process has this port");
    }
    return new StartupException(
        ExitCode.BAD_CONFIGURATION,
        "Cannot %s (%s): is it an address of this machine?".formatted(what, failure.getMessage()));
  }

  /** A port of {@code host} that is free just now. */
  static int anyFree(String host) {
    try {
      return bind(new InetSocketAddress(host, 0));
    } catch (IOException failure) {
      throw new StartupException(
          ExitCode.UNEXPECTED, "No port is free on " + host + ": " + failure);
    }
  }

  private static int bind(InetSocketAddress address) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // As Netty does: connections of the last run do not count.
      socket.bind(address);
      return socket.getLocalPort();
    }
  }
}
