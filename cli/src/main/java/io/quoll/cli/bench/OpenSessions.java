package io.quoll.cli.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Sessions that are open until this is closed. Confined to one thread. */
public final class OpenSessions implements AutoCloseable {
  private static final int AT_ONCE = 250;

  private final ImmutableList<LoadSession> sessions;
  private final Duration patience;

  /** One of the ways in which a {@link LoadTarget} opens sessions. */
  @FunctionalInterface
  public interface Opening {
    /** Begins to open the session of that number, which writes the value. */
    LoadSession open(int number, byte[] value);
  }

  private OpenSessions(ImmutableList<LoadSession> sessions, Duration patience) {
    this.sessions = sessions;
    this.patience = patience;
  }

  /**
   * Opens sessions and waits until they are.
   *
   * @param patience how long some of them may take
   * @throws LoadException if one cannot be opened
   */
  public static OpenSessions open(Opening opening, int count, int valueBytes, Duration patience)
      throws InterruptedException {
    byte[] value = new byte[valueBytes];
    new SplittableRandom(valueBytes).nextBytes(value); // Nothing that can be compressed.
    ImmutableList.Builder<LoadSession> opened = ImmutableList.builderWithExpectedSize(count);
    List<Integer> numbers = IntStream.range(0, count).boxed().toList();
    try {
      for (List<Integer> some : Lists.partition(numbers, AT_ONCE)) {
        List<LoadSession> begun = some.stream().map(number -> opening.open(number, value)).toList();
        opened.addAll(begun);
        awaitAll(begun.stream().map(LoadSession::opened).toList(), patience);
      }
    } catch (LoadException failed) {
      new OpenSessions(opened.build(), patience).abandon();
      throw failed;
    }
    return new OpenSessions(opened.build(), patience);
  }

  /** The sessions in the order of their numbers. */
  public ImmutableList<LoadSession> all() {
    return sessions;
  }

  /** The first of them. */
  public LoadSession first() {
    return sessions.get(0);
  }

  private static void awaitAll(List<? extends CompletableFuture<?>> futures, Duration patience)
      throws InterruptedException {
    try {
      CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new LoadException("cannot open a session: " + failure, failure);
    }
  }

  private void abandon() {
    for (LoadSession session : sessions) {
      var unused = session.close();
    }
  }

  /** Closes them all, and waits for that as long as it has patience. */
  @Override
  public void close() throws InterruptedException {
    for (List<LoadSession> some : Lists.partition(sessions, AT_ONCE)) {
      try {
        CompletableFuture.allOf(
                some.stream().map(LoadSession::close).toArray(CompletableFuture[]::new))
            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException failure) {
        // The ensemble ends them after their timeout.
      }
    }
  }
}
