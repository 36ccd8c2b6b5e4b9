package io.quoll.statemachine.ratis;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.RocksStore;
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
import java.util.function.Consumer;
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

  @GuardedBy("this")
  private final Multiset<Path> pinned = HashMultiset.create();

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
   * Puts a snapshot of {@code store} beside the older ones, which go unless they are pinned. Called
   * by the apply thread.
   *
   * @return the position of the snapshot, all of which is durable
   */
  public Position take(StateStore store) {
    Position position = store.position();
    Path whole = directory.resolve("snapshot-%d-%d".formatted(position.term(), position.index()));
    if (Files.exists(whole)) {
      store.flush();
      return position;
    }
    Path incomplete = directory.resolve(whole.getFileName() + INCOMPLETE_SUFFIX);
    deleteRecursively(incomplete);
    store.checkpoint(incomplete);
    rename(incomplete, whole);
    removeOld();
    return position;
  }

  private synchronized void removeOld() {
    for (Snapshot old : snapshots().stream().skip(1).toList()) {
      if (!pinned.contains(old.path())) {
        deleteRecursively(old.path());
      }
    }
  }

  /** The newest snapshot, which stays until {@link #unpin}, if there is any. */
  public synchronized Optional<Snapshot> pinNewest() {
    Optional<Snapshot> newest = newest();
    newest.ifPresent(snapshot -> pinned.add(snapshot.path()));
    return newest;
  }

  /** Ends one {@link #pinNewest}; the next snapshot lets the pinned one go. */
  public synchronized void unpin(Snapshot snapshot) {
    pinned.remove(snapshot.path());
  }

  /**
   * Replaces the content of {@code store} by the received snapshot, if there is one, and takes a
   * snapshot of it: this replica may be the one that others ask next. Called by the apply thread.
   *
   * @param beforePublished as that of {@link StateStore#install}
   * @throws IllegalStateException if the store is not behind the snapshot
   */
  public void takeOverReceived(StateStore store, Consumer<StateStore.View> beforePublished) {
    Optional<Path> received = received();
    if (received.isEmpty()) {
      return;
    }
    Position position = RocksStore.verify(received.get()).position();
    checkState(
        position.index() > store.position().index(),
        "the snapshot of %s is not beyond %s",
        position,
        store.position());
    store.install(received.get(), beforePublished);
    take(store);
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
