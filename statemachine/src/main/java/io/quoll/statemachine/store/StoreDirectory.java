package io.quoll.statemachine.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory of a {@link RocksStore}: the database in {@code state}, and for the moments of a
 * replacement the former one in {@code retired}.
 *
 * <p>A replacement makes the new files durable where they are, renames {@code state} to {@code
 * retired}, renames the new directory to {@code state}, and deletes {@code retired}; the
 * directories are made durable after each step. So a crash leaves one of three pictures, and {@link
 * #recover} knows them apart:
 *
 * <ol>
 *   <li>{@code state} alone: before the first step, or after the last
 *   <li>{@code retired} alone: the old state was moved aside, and is put back
 *   <li>both: the new state is there, and the rest of the old one is deleted
 * </ol>
 */
final class StoreDirectory {
  private final Path root;
  private final Path state;
  private final Path retired;

  StoreDirectory(Path root) {
    this.root = root;
    state = root.resolve("state");
    retired = root.resolve("retired");
  }

  /** Where the database is. */
  Path state() {
    return state;
  }

  /** Creates the directory if it is missing, and finishes or undoes what a crash interrupted. */
  void recover() {
    try {
      Files.createDirectories(root);
      if (!Files.exists(retired)) {
        return;
      }
      if (Files.exists(state)) {
        deleteRetired();
        return;
      }
      rename(retired, state);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the store's directory " + root, e);
    }
  }

  /** Puts {@code replacement}, which is moved, in the place of the database, which is closed. */
  void replaceBy(Path replacement) {
    try {
      forceAll(replacement);
      rename(state, retired);
      rename(replacement, state);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot replace the store in %s by %s".formatted(root, replacement), e);
    }
  }

  /** Deletes the database that was replaced. */
  void deleteRetired() {
    try {
      // The new state is whole, so what is deleted need not be safe from somebody racing us.
      MoreFiles.deleteRecursively(retired, RecursiveDeleteOption.ALLOW_INSECURE);
      force(root);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + retired, e);
    }
  }

  /** The bytes of the database's files, about: files come and go meanwhile. */
  long bytes() {
    File[] files = state.toFile().listFiles();
    return files == null ? 0 : Stream.of(files).mapToLong(File::length).sum();
  }

  private static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, ATOMIC_MOVE);
    forceParent(to);
    forceParent(from);
  }

  private static void forceAll(Path directory) throws IOException {
    for (Path file : list(directory)) {
      force(file);
    }
    force(directory);
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  /** Makes the names in the directory that {@code path} lies in durable. */
  static void forceParent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      force(parent);
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
