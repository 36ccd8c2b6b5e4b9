package io.quoll.integration.fault;

import com.google.common.base.Suppliers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The library {@code src/test/c/preload.c}, which a server loads before others and by which a test
 * is the master of its disk and its clock: how long a force takes, at which operation the process
 * is killed, what is left after a loss of power, and what time it is. Built by gcc when it is first
 * asked for.
 */
final class Preload {
  private static final Path SOURCE = Path.of("src", "test", "c", "preload.c").toAbsolutePath();
  private static final int BUILD_SECONDS_MAX = 120;

  private static final Supplier<Optional<Path>> LIBRARY =
      Suppliers.memoize(
          () -> build(Path.of("target", "preload-%d.so".formatted(ProcessHandle.current().pid()))));

  private Preload() {}

  /** The library; empty where there is no gcc. */
  static Optional<Path> library() {
    return LIBRARY.get();
  }

  private static Optional<Path> build(Path relative) {
    Path library = relative.toAbsolutePath();
    library.toFile().deleteOnExit();
    try {
      Files.createDirectories(library.getParent());
      Process gcc =
          new ProcessBuilder("gcc", "-O1", "-shared", "-fPIC", "-o", "" + library, "" + SOURCE)
              .inheritIO()
              .start();
      if (!gcc.waitFor(BUILD_SECONDS_MAX, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
        throw new IllegalStateException("gcc does not compile " + SOURCE);
      }
      return Optional.of(library);
    } catch (IOException none) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Writes the number that a process looks up in a file. */
  static void set(Path file, long number) {
    try {
      Files.writeString(file, number + "\n");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
