package io.quoll.cli.bench;

import java.time.Duration;

/** What keeps slots busy. */
interface Loop {
  /** Adds a slot that is idle; only before the start. */
  void add(LoadSession session, int sessionNumber, RequestSequence requests);

  void start();

  /**
   * Begins no more requests and waits for those under way.
   *
   * @throws LoadException if they are not answered in that time
   */
  void stop(Duration patience) throws InterruptedException;
}
