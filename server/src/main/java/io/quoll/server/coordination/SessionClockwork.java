package io.quoll.server.coordination;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.quoll.statemachine.codec.CorruptBytesException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Calls in time what looks after sessions: two threads, however many sessions there are. One is
 * never kept by the disk that the cleaner reads.
 *
 * <p>Started once and closed once, by one thread.
 */
public final class SessionClockwork implements AutoCloseable {
  private static final Duration STOP_MAX = Duration.ofSeconds(2);

  private final FatalHandler fatal;
  private final ScheduledExecutorService executor;
  private volatile boolean closing;

  /** At rest. {@code fatal} ends the process if a part fails, for nobody else would notice. */
  public SessionClockwork(FatalHandler fatal) {
    this.fatal = fatal;
    this.executor =
        new ScheduledThreadPoolExecutor(
            2,
            new ThreadFactoryBuilder().setNameFormat("quoll-sessions-%d").setDaemon(true).build());
  }

  /** Calls {@code step} once an {@code interval} from now on, never twice at a time. */
  public void run(Duration interval, Runnable step) {
    var unused =
        executor.scheduleWithFixedDelay(
            () -> guarded(step), interval.toNanos(), interval.toNanos(), NANOSECONDS);
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable failure) {
      if (!closing) {
        fatal.halt(exitCode(failure), "sessions are not looked after any more", failure);
      }
    }
  }

  private static ExitCode exitCode(Throwable failure) {
    boolean storage =
        failure instanceof UncheckedIOException || failure instanceof CorruptBytesException;
    return storage ? ExitCode.STORAGE_FAILED : ExitCode.UNEXPECTED;
  }

  /** Calls nothing any more, and waits for what is being called. */
  @Override
  public void close() {
    closing = true;
    executor.shutdownNow();
    try {
      executor.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
