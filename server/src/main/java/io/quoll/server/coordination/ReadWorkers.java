package io.quoll.server.coordination;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import io.quoll.server.coordination.UnavailableException.Reason;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that answer queries, which may take long or wait for the disk: few, with a bounded
 * queue in front. Thread-safe.
 */
final class ReadWorkers implements Executor, AutoCloseable {
  /** The most queries that wait for a thread. */
  static final int QUEUED_MAX = 10_000;

  private static final Duration STOP_MAX = Duration.ofSeconds(2);

  private final ThreadPoolExecutor threads;

  /** Starts with {@code count} threads. */
  ReadWorkers(int count) {
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED_MAX),
            new ThreadFactoryBuilder().setNameFormat("quoll-read-%d").setDaemon(true).build());
  }

  /**
   * Runs {@code task} on one of the threads.
   *
   * @throws UnavailableException {@code OVERLOADED} if the queue is full, {@code NOT_SERVING} once
   *     these workers are closed
   */
  @Override
  public void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException full) {
      throw threads.isShutdown()
          ? new UnavailableException(Reason.NOT_SERVING, null, "the server is stopping")
          : new UnavailableException(
              Reason.OVERLOADED, null, QUEUED_MAX + " reads are queued, and no more may be");
    }
  }

  /** How many tasks wait for a thread. */
  int queued() {
    return threads.getQueue().size();
  }

  /** How many tasks have a thread, about. */
  int running() {
    return threads.getActiveCount();
  }

  /** Lets what runs and what is queued end, for a moment, and drops the rest. */
  @Override
  public void close() {
    threads.shutdown();
    if (!Uninterruptibles.awaitTerminationUninterruptibly(threads, STOP_MAX)) {
      threads.shutdownNow().stream()
          .filter(Task.class::isInstance)
          .forEach(dropped -> ((Task) dropped).drop().run());
    }
  }

  /**
   * A task that has to know if it will never run.
   *
   * @param work what it does
   * @param drop what is done in its place
   */
  record Task(Runnable work, Runnable drop) implements Runnable {
    @Override
    public void run() {
      work.run();
    }
  }
}
