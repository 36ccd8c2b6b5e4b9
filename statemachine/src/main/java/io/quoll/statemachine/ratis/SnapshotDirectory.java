package io.quoll.statemachine.ratis;

import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The snapshots of one replica: complete copies of the store, each in a folder named by its term
 * and index, and at most one that was received from the leader and waits to be taken over.
 *
 * <p>A folder gets its name only when it is whole and on disk, by a rename; whatever has another
 * name is a leftover of a crash and is removed at the next start. Thread-safe.
 */
public final class SnapshotDirectory {
  private static final Pattern NAME = Pattern.compile("snapshot-(\\d+)-(\\d+)");
  private static final String RECEIVED = "received";
  private static final String INCOMPLETE_SUFFIX = ".incomplete";

  private final Path directory;

  /** A snapshot on disk. */
  public record Snapshot(Position position, Path path) {}

  private SnapshotDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens {@code directory}, which is created if it is missing, and removes what a crash left over.
   */
  public static SnapshotDirectory open(Path directory) {
    try {
      Files.createDirectories(directory);
      SnapshotDirectory snapshots = new SnapshotDirectory(directory);
      for (Path path : snapshots.list()) {
        if (positionOf(path).isEmpty() && !path.getFileName().toString().equals(RECEIVED)) {
          deleteRecursively(path);
        }
      }
      return snapshots;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts a snapshot of {@code store} beside the older ones, which go, all but the one before it: a
   * replica that fetches that one may be half through. Called by the apply thread.
   *
   * @return the position of the snapshot, all of which is durable
   */
  public Position take(StateStore store) {
    Position position = store.position();
    Path whole = directory.resolve("snapshot-%d-%d".formatted(position.term(), position.index()));
    if (Files.exists(whole)) {
      return position;
    }
    Path incomplete = directory.resolve(whole.getFileName() + INCOMPLETE_SUFFIX);
    deleteRecursively(incomplete);
    store.checkpoint(incomplete);
    rename(incomplete, whole);
    snapshots().stream().skip(2).forEach(snapshot -> deleteRecursively(snapshot.path()));
    return position;
  }

  /** The newest snapshot that this replica took, if there is any. */
  public Optional<Snapshot> newest() {
    return snapshots().stream().findFirst();
  }

  private List<Snapshot> snapshots() {
    return list().stream()
        .flatMap(path -> positionOf(path).map(at -> new Snapshot(at, path)).stream())
        .sorted(
            Comparator.comparingLong((Snapshot snapshot) -> snapshot.position().index()).reversed())
        .toList();
  }

  /** The folder to receive a snapshot into, new and empty; {@link #completeReceived} names it. */
  public Path newIncoming() {
    try {
      Path incoming = directory.resolve(RECEIVED + INCOMPLETE_SUFFIX);
      deleteRecursively(incoming);
      return Files.createDirectory(incoming);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes what was received, and is on disk, the snapshot to take over; an earlier one goes. */
  public void completeReceived(Path incoming) {
    deleteRecursively(directory.resolve(RECEIVED));
    rename(incoming, directory.resolve(RECEIVED));
  }

  /** The received snapshot that waits to be taken over, if there is one. */
  public Optional<Path> received() {
    Path received = directory.resolve(RECEIVED);
    return Files.isDirectory(received) ? Optional.of(received) : Optional.empty();
  }

  /** Removes what was received, if anything was. */
  public void dropReceived() {
    deleteRecursively(directory.resolve(RECEIVED));
  }

  private List<Path> list() {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Position> positionOf(Path path) {
    Matcher name = NAME.matcher(path.getFileName().toString());
    return name.matches()
        ? Optional.of(new Position(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))))
        : Optional.empty();
  }

  private void rename(Path from, Path to) {
    try {
      sync(from);
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      sync(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteRecursively(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(path)) {
      for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
