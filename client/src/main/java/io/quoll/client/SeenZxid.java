package io.quoll.client;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The highest zxid that any server told this client. Every read asks for a tree no older than it,
 * so that a client that moves to another server never sees time go back.
 *
 * <p>Thread-safe.
 */
final class SeenZxid {
  private final AtomicLong highest = new AtomicLong();

  void see(long zxid) {
    if (zxid > highest.get()) {
      highest.accumulateAndGet(zxid, Math::max);
    }
  }

  long highest() {
    return highest.get();
  }
}
