package io.quoll.client;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Which server to try next, and how long to wait before. The servers of the list are tried one
 * after the other without a pause; after each round in vain comes one, longer each time and of
 * random length, so that the clients of a server that died do not come all at once.
 *
 * <p>Confined to one lane.
 */
final class ServerRing {
  private static final long PAUSE_MILLIS = 50;
  private static final long PAUSE_MILLIS_MAX = 1_000;
  private static final int ROUNDS_MAX = 5;

  private final ImmutableList<ServerAddress> servers;
  private int index;
  private int failures;

  ServerRing(List<ServerAddress> servers, boolean shuffle) {
    List<ServerAddress> order = new ArrayList<>(servers);
    if (shuffle) {
      Collections.shuffle(order, ThreadLocalRandom.current());
    }
    this.servers = ImmutableList.copyOf(order);
  }

  ServerAddress current() {
    return servers.get(index);
  }

  int size() {
    return servers.size();
  }

  /** How many rounds were in vain; no more than a few are counted. */
  int rounds() {
    return Math.min(ROUNDS_MAX, failures / servers.size());
  }

  /** The present server serves. */
  void succeeded() {
    failures = 0;
  }

  /** Moves on to the next server, and tells how long to wait before it is tried. */
  long failedNanos() {
    index = (index + 1) % servers.size();
    failures++;
    if (failures % servers.size() != 0) {
      return 0;
    }
    long most = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS << rounds());
    return TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }
}
