package io.quoll.server;

import io.quoll.server.grpc.NotifySocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who started this process and wants to know how it stands: systemd, or what speaks as it does, by
 * the protocol of {@code sd_notify(3)}; or nobody. Thread-safe.
 */
final class Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  private final Consumer<String> notices;
  private final Optional<Duration> watchdog;

  /**
   * A supervisor that takes notices.
   *
   * @param watchdog within which it wants to hear that the process is alive, if at all
   */
  Supervisor(Consumer<String> notices, Optional<Duration> watchdog) {
    this.notices = notices;
    this.watchdog = watchdog;
  }

  /** Nobody, who is told nothing. */
  static Supervisor none() {
    return new Supervisor(notice -> {}, Optional.empty());
  }

  /** Whom the {@code environment} of this process, whose number is {@code process}, names. */
  static Supervisor of(Map<String, String> environment, long process) {
    String socket = environment.get("NOTIFY_SOCKET");
    if (socket == null || socket.isEmpty()) {
      return none();
    }
    try {
      return new Supervisor(NotifySocket.connect(socket), watchdog(environment, process));
    } catch (IOException failure) {
      LOG.warn(
          "NOTIFY_SOCKET is {}, but nobody can be told there how this server stands: {}",
          socket,
          failure.toString());
      return none();
    }
  }

  // What is meant for another process of the service was only inherited by this one.
  static Optional<Duration> watchdog(Map<String, String> environment, long process) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String meant = environment.getOrDefault("WATCHDOG_PID", Long.toString(process));
    if (!micros.matches("[1-9][0-9]{0,15}") || !meant.equals(Long.toString(process))) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000));
  }

  /**
   * Within which it wants to hear that the process is alive, or it ends it; empty if it does not.
   */
  Optional<Duration> watchdog() {
    return watchdog;
  }

  /** The process is on its way up; {@code status} says how far. */
  void starting(String status) {
    notices.accept("STATUS=" + status);
  }

  /** The process serves. */
  void ready() {
    notices.accept("READY=1");
  }

  /** The process is alive, and {@code status} says how it stands. */
  void alive(String status) {
    notices.accept("WATCHDOG=1\nSTATUS=" + status);
  }

  /** The process is not what it should be, as {@code status} says, and may have to be ended. */
  void ailing(String status) {
    notices.accept("STATUS=" + status);
  }

  /** The process was asked to stop, and begins to. */
  void stopping() {
    notices.accept("STOPPING=1\nSTATUS=Stopping");
  }
}
