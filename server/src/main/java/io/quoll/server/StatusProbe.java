package io.quoll.server;

import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.grpc.StatusCall;
import io.quoll.server.tls.PortTls;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What the script {@code quoll-server} asks a node that runs on this machine.
 *
 * <ul>
 *   <li>{@code status FILE}: prints where it takes clients and its mode; ends with 1 if it does not
 *       answer, or knows no leader.
 *   <li>{@code await FILE PROCESS SECONDS}: waits until that process answers; ends with 1 if it
 *       ends before that, or if it takes longer.
 * </ul>
 */
public final class StatusProbe {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final PrintStream out;
  private final PrintStream err;

  StatusProbe(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Asks as the arguments say, and ends with 0 or 1. */
  public static void main(String[] args) {
    System.exit(new StatusProbe(System.out, System.err).run(args));
  }

  int run(String[] args) {
    try {
      if (args.length == 2 && args[0].equals("status")) {
        return status(ServerConfig.read(Path.of(args[1])));
      }
      if (args.length == 4 && args[0].equals("await")) {
        return await(
            Path.of(args[1]), Long.parseLong(args[2]), Duration.ofSeconds(Long.parseLong(args[3])));
      }
      err.println("usage: status FILE | await FILE PROCESS SECONDS");
      return ExitCode.UNEXPECTED.number();
    } catch (StartupException failure) {
      err.println(failure.getMessage());
      return ExitCode.UNEXPECTED.number();
    }
  }

  private int status(ServerConfig config) {
    out.printf(
        "Client port found: %d. Client address: %s.%n", config.grpcPort(), config.grpcHost());
    Optional<String> mode = mode(config, ANSWER_MAX);
    if (mode.isEmpty()) {
      out.println("Error contacting service. It is probably not running.");
      return ExitCode.UNEXPECTED.number();
    }
    out.println("Mode: " + mode.get());
    // It runs, but there is no leader that it knows of: nothing can be written.
    return mode.get().equals("candidate")
        ? ExitCode.UNEXPECTED.number()
        : ExitCode.STOPPED.number();
  }

  private static int await(Path file, long process, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    while (System.nanoTime() - end < 0) {
      if (answers(file, process)) {
        return ExitCode.STOPPED.number();
      }
      if (ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty()) {
        return ExitCode.UNEXPECTED.number();
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return ExitCode.UNEXPECTED.number();
  }

  private static boolean answers(Path file, long process) {
    try {
      ServerConfig config = ServerConfig.read(file);
      // An answer alone could come from another process that has the port.
      return ServingMark.in(config.dataDirectory()).isOf(process)
          && mode(config, Duration.ofSeconds(1)).isPresent();
    } catch (StartupException failure) { // The server is about to end for the same reason.
      return false;
    }
  }

  private static Optional<String> mode(ServerConfig config, Duration most) {
    Optional<PortTls> tls = Transport.toItself(config, InstantSource.system());
    return StatusCall.mode(config.localHost(), config.grpcPort(), tls, most);
  }
}
