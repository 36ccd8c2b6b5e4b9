package io.quoll.cli.shell;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The file that typed lines are kept in from one shell to the next. */
final class HistoryFile {
  /** How many lines are kept. */
  static final int LINES_MAX = 1000;

  private static final String NAME = ".quoll_history";

  // Lines may hold data that is nobody else's business.
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private HistoryFile() {}

  /** The file in that folder, made if it is missing; empty if there cannot be one. */
  static Optional<Path> in(Path home) {
    Path file = home.resolve(NAME);
    try {
      try {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } catch (FileAlreadyExistsException kept) {
        Files.setPosixFilePermissions(file, OWNER_ONLY);
      }
    } catch (IOException | UnsupportedOperationException | SecurityException impossible) {
      return Optional.empty();
    }
    return Files.isRegularFile(file) && Files.isWritable(file)
        ? Optional.of(file)
        : Optional.empty();
  }
}
