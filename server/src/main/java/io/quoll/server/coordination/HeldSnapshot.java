package io.quoll.server.coordination;

import java.nio.file.Path;

/**
 * A snapshot of this replica on disk, which stays as it is until it is let go. Thread-safe.
 *
 * @param path where it is
 * @param term the Raft term of the last entry that it includes
 * @param index the index of that entry
 * @param letGo lets it go; to be called once
 */
public record HeldSnapshot(Path path, long term, long index, Runnable letGo)
    implements AutoCloseable {
  @Override
  public void close() {
    letGo.run();
  }
}
