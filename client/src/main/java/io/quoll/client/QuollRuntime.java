package io.quoll.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * The threads and connections that sessions and watches live on. However many sessions share one
 * runtime, it has a few threads and for each event loop one connection to each server:
 *
 * <ul>
 *   <li>event loops, {@code quoll-client-io-N}, which read, write and complete futures, and must
 *       not be made to wait. Each session stays on one of them;
 *   <li>handler threads, {@code quoll-client-handler-N}, which call watch handlers and listeners
 *       and may wait. They come as they are needed and go after 10 s without work. A session's
 *       handlers run one at a time; handlers of more sessions than there are threads wait for each
 *       other.
 * </ul>
 *
 * <p>All of them are daemon threads. Thread-safe.
 */
public final class QuollRuntime implements AutoCloseable {
  private static final int IO_THREADS_MAX = 4;
  private static final int HANDLER_THREADS = 8;

  private final EventLoops loops;
  private final ExecutorService handlers;
  private final Set<Runnable> tenants = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private QuollRuntime(EventLoops loops, ExecutorService handlers) {
    this.loops = loops;
    this.handlers = handlers;
  }

  /** Starts a runtime with an event loop for two processors, at most 4, and 8 handler threads. */
  public static QuollRuntime start() {
    int half = Runtime.getRuntime().availableProcessors() / 2;
    return start(Math.max(1, Math.min(IO_THREADS_MAX, half)), HANDLER_THREADS);
  }

  /**
   * Starts a runtime.
   *
   * @param ioThreads how many event loops
   * @param handlerThreads how many threads call handlers, at most
   */
  public static QuollRuntime start(int ioThreads, int handlerThreads) {
    if (ioThreads < 1 || handlerThreads < 1) {
      throw new IllegalArgumentException("a runtime needs a thread of each kind");
    }
    return new QuollRuntime(new EventLoops(ioThreads), HandlerQueue.pool(handlerThreads));
  }

  /**
   * The event loop for another session.
   *
   * @throws IllegalStateException if the runtime is closed
   */
  Lane nextLane() {
    if (closed) {
      throw new IllegalStateException("the runtime is closed");
    }
    return loops.next();
  }

  ExecutorService handlers() {
    return handlers;
  }

  /** Has {@code abandon} run when the runtime is closed, or at once if it is. */
  void add(Runnable abandon) {
    tenants.add(abandon);
    if (closed) {
      abandon.run();
    }
  }

  void remove(Runnable abandon) {
    tenants.remove(abandon);
  }

  /**
   * Cuts all connections and stops the threads. Sessions that were not closed before are left to
   * the ensemble, which ends them after their timeout; what they have under way fails with {@code
   * CLOSED}.
   */
  @Override
  public void close() {
    closed = true;
    tenants.forEach(Runnable::run);
    loops.close();
    handlers.shutdown();
  }
}
