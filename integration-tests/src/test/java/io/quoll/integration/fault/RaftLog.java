package io.quoll.integration.fault;

import io.quoll.integration.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The log of a server, as its files tell from outside. */
final class RaftLog {
  private RaftLog() {}

  /** Whether the log of {@code server} still has what comes after {@code index}. */
  static boolean reaches(ServerProcess server, long index) {
    OptionalLong first = firstIndex(server);
    return first.isEmpty() || first.getAsLong() <= index + 1;
  }

  private static OptionalLong firstIndex(ServerProcess server) {
    try (Stream<Path> paths = Files.walk(server.dataDirectory().resolve("raft"), 3)) {
      return paths
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("log_"))
          .mapToLong(name -> Long.parseLong(name.replaceAll("\\D*(\\d+).*", "$1")))
          .min();
    } catch (UncheckedIOException | IOException changing) {
      return OptionalLong.empty(); // Looked at while it changes; the next look tells.
    }
  }

  /** How far {@code server} has applied it, if it says so. */
  static long appliedIndex(ServerProcess server) {
    return server.standing().map(at -> at.getAppliedIndex()).orElse(Long.MAX_VALUE - 1);
  }
}
