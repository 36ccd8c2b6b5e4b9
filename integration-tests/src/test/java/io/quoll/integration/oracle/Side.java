package io.quoll.integration.oracle;

import java.time.Duration;

/** One of the two products, as it runs. Thread-safe. */
interface Side extends AutoCloseable {
  /**
   * Opens a session, and waits until it is open.
   *
   * @param server the number of the server that it is for, from 0
   * @param chroot the path below which it lives, or empty
   * @param root how it names the paths of its trial
   * @param owners is told of its id under {@code name}
   */
  Client open(int server, String chroot, Root root, Owners owners, String name, Duration timeout);

  /** Deletes a znode and all below it, if it is there. */
  void deleteAll(String path);

  @Override
  void close();
}
