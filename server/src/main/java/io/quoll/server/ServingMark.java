package io.quoll.server;

import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the data directory that holds the number of the process that serves from there, so that
 * whoever started a process can tell its answers from those of another one.
 */
final class ServingMark {
  private static final String FILE_NAME = "quoll_server.serving";

  private final Path path;

  private ServingMark(Path path) {
    this.path = path;
  }

  static ServingMark in(Path dataDirectory) {
    return new ServingMark(dataDirectory.resolve(FILE_NAME));
  }

  /** Says that this process serves. */
  void set() {
    try {
      Files.writeString(path, Long.toString(ProcessHandle.current().pid()));
    } catch (IOException failure) {
      throw new StartupException(
          ExitCode.BAD_DATA_DIRECTORY, "Cannot write " + path + ": " + failure);
    }
  }

  /** Says that this process serves no longer. What a killed process left behind does no harm. */
  void clear() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException failure) {
      throw new IllegalStateException("Cannot delete " + path, failure);
    }
  }

  /** Whether it is the process numbered {@code process} that serves. */
  boolean isOf(long process) {
    try {
      return Files.exists(path) && Files.readString(path).equals(Long.toString(process));
    } catch (IOException gone) {
      return false;
    }
  }
}
