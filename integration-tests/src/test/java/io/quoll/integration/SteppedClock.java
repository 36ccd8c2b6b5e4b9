package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of one process, which can be stepped while it runs; what only measures how time
 * passes stays true. Needs libfaketime. Not thread-safe.
 */
final class SteppedClock {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String LIBRARY = "libfaketimeMT.so.1";

  private final Path library;
  private final Path offset;

  private SteppedClock(Path library, Path offset) {
    this.library = library;
    this.offset = offset;
  }

  /** A true clock whose offset is kept in a file; skips the test where there is no libfaketime. */
  static SteppedClock at(Path offset) {
    Optional<Path> library = library();
    assumeThat(library).as("libfaketime is installed").isPresent();
    SteppedClock clock = new SteppedClock(library.orElseThrow(), offset.toAbsolutePath());
    clock.step(Duration.ZERO);
    return clock;
  }

  private static Optional<Path> library() {
    try (Stream<Path> files = Files.find(LIBRARIES, 3, (path, is) -> path.endsWith(LIBRARY))) {
      return files.findFirst();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What a command begins with whose clock this is. */
  ImmutableList<String> commandPrefix() {
    return ImmutableList.of(
        "env",
        "LD_PRELOAD=" + library,
        "FAKETIME_TIMESTAMP_FILE=" + offset,
        "FAKETIME_CACHE_DURATION=1",
        "DONT_FAKE_MONOTONIC=1",
        "FAKETIME_FORCE_MONOTONIC_FIX=0");
  }

  /** Steps the clock to {@code ahead} of the true time; it takes a second to be seen. */
  void step(Duration ahead) {
    try {
      Files.createDirectories(offset.getParent());
      Files.writeString(offset, "%+d%n".formatted(ahead.toSeconds()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    assertThat(offset).isNotEmptyFile();
  }
}
