package io.quoll.cli.bench;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.List;

/**
 * The znodes that a load is about, created and deleted by multis that all sessions share.
 *
 * <p>Confined to one thread.
 */
final class Tree {
  private static final int MULTI_PARTS = 100;
  private static final int MULTI_BYTES = 512 * 1024; // ZooKeeper takes less than 1 MiB at once.
  private static final int IN_FLIGHT = 10;

  private final ZnodePaths paths;
  private final List<LoadSession> sessions;
  private final Duration patience;

  Tree(ZnodePaths paths, List<LoadSession> sessions, Duration patience) {
    this.paths = paths;
    this.sessions = sessions;
    this.patience = patience;
  }

  /** Creates the parents, which are few. */
  void createParents() throws InterruptedException {
    ImmutableList<String> parents = paths.parents();
    LoadSession one = sessions.get(0);
    pipeline(1).run(parents.size(), (number, done) -> one.create(parents.get((int) number), done));
  }

  /** Creates all others, of which each has so many bytes of data. */
  void create(int valueBytes) throws InterruptedException {
    int parts = Math.max(1, Math.min(MULTI_PARTS, MULTI_BYTES / Math.max(1, valueBytes)));
    pipeline(sessions.size())
        .run(
            multis(parts),
            (number, done) -> session(number).createAll(paths.common(number * parts, parts), done));
  }

  /** Deletes all of them, and of {@code others} those that are there. */
  void delete(List<String> others) throws InterruptedException {
    LoadSession one = sessions.get(0);
    pipeline(1)
        .run(
            others.size(),
            (number, done) -> one.delete(others.get((int) number), failure -> done.done(null)));
    pipeline(sessions.size())
        .run(
            multis(MULTI_PARTS),
            (number, done) ->
                session(number).deleteAll(paths.common(number * MULTI_PARTS, MULTI_PARTS), done));
    ImmutableList<String> parents = paths.parents().reverse(); // The base is the last.
    pipeline(1).run(parents.size(), (number, done) -> one.delete(parents.get((int) number), done));
  }

  private long multis(int parts) {
    return (paths.count() + parts - 1L) / parts;
  }

  private LoadSession session(long number) {
    return sessions.get((int) (number % sessions.size()));
  }

  private Pipeline pipeline(int users) {
    return new Pipeline(IN_FLIGHT * Math.min(users, IN_FLIGHT), patience);
  }
}
