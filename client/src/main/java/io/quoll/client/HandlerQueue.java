package io.quoll.client;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls to handlers that wait for their turn, one at a time and in order, on the handler
 * threads of the runtime. The queue takes whatever it is given; who fills it looks at {@link
 * #isFull}.
 *
 * <p>Thread-safe.
 */
final class HandlerQueue implements Executor {
  /** With more calls waiting, persistent watches are told of a gap instead of further events. */
  static final int CALLS_MAX = 100_000;

  private static final long IDLE_SECONDS = 10;

  private final Executor sequential;
  private final Runnable onRoom;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * A queue on a pool of threads.
   *
   * @param onRoom run when a queue that was full is half empty
   */
  HandlerQueue(ExecutorService pool, Runnable onRoom) {
    this.sequential = MoreExecutors.newSequentialExecutor(pool);
    this.onRoom = onRoom;
  }

  /** Threads that come as needed, up to so many, and go when idle. */
  static ExecutorService pool(int threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new ThreadFactoryBuilder()
                .setDaemon(true)
                .setNameFormat("quoll-client-handler-%d")
                .build());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  boolean isFull() {
    return waiting.get() >= CALLS_MAX;
  }

  @Override
  public void execute(Runnable call) {
    waiting.incrementAndGet();
    try {
      sequential.execute(() -> run(call));
    } catch (RejectedExecutionException closed) {
      waiting.decrementAndGet(); // The runtime was closed, and its sessions with it.
    }
  }

  private void run(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error thrown) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }
    if (waiting.decrementAndGet() == CALLS_MAX / 2) {
      onRoom.run();
    }
  }
}
