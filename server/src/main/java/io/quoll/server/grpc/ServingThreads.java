package io.quoll.server.grpc;

import java.util.concurrent.Executor;

/** The threads that serve calls. Thread-safe, but started once and closed once, by one thread. */
interface ServingThreads extends AutoCloseable {
  /** Begins to see whether each of them comes to its work. */
  void start();

  /** The executor that a stream is confined to which begins on the calling thread. */
  Executor current();

  /**
   * When each of them had last been seen to come to its work, by {@link System#nanoTime}: of
   * several, the time of the one that has been silent for longest.
   */
  long lastAliveNanos();

  @Override
  void close();
}
