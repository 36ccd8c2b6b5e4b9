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

  /**
   * A server that takes a client and loses it again before this is no better than one that fails.
   */
  static final long SERVED_NANOS_MIN = TimeUnit.SECONDS.toNanos(1);

  /** Servers give up attaching a session themselves after this. */
  private static final long PATIENCE_MILLIS_MAX = 10_000;

  private final ImmutableList<ServerAddress> servers;
  private int index;
  private int failures;
  private int silences;

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

  private int rounds(int tries) {
    return Math.min(ROUNDS_MAX, tries / servers.size());
  }

  /**
   * The present server is left after so long. If that was more than a moment, it served. Not so as
   * soon as it takes a client: those whose streams end when they have hardly begun would try one
   * server after the other without any pause.
   */
  void served(long nanos) {
    if (nanos >= SERVED_NANOS_MIN) {
      succeeded();
    }
  }

  /** The present server serves: what failed before is forgotten. */
  void succeeded() {
    failures = 0;
    silences = 0;
  }

  /** The present server said nothing in time. */
  void silent() {
    silences++;
  }

  /**
   * How long to wait for a server's first word: longer after each round of servers that said
   * nothing, since those that many clients come to at once take their time. Servers that refuse at
   * once do not count, and no server is waited for when it will not answer any more.
   */
  long patienceMillis(long atFirst) {
    return Math.min(PATIENCE_MILLIS_MAX, atFirst << rounds(silences));
  }

  /** Moves on to the next server, and tells how long to wait before it is tried. */
  long failedNanos() {
    index = (index + 1) % servers.size();
    failures++;
    if (failures % servers.size() != 0) {
      return 0;
    }
    long most = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS << rounds(failures));
    return TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }
}
