package io.quoll.server.grpc;

/** How fast the requests of one caller may come. Thread-safe. */
interface RequestPace {
  /** As fast as they like. */
  RequestPace FREE = requests -> 0;

  /**
   * Takes requests that were made.
   *
   * @return how many nanoseconds the caller has to wait before its next one; 0 if not at all
   */
  long takeNanos(int requests);
}
