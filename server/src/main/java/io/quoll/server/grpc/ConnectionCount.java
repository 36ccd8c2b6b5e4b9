package io.quoll.server.grpc;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts connections, in all and by the address that they come from. Those beyond a limit are told
 * so, which needs a connection, and are closed soon after; those beyond what can be told are closed
 * without a word. Thread-safe.
 */
final class ConnectionCount {
  /** The most connections at a time that are only kept to tell them that they are too many. */
  static final int TOLD_MAX = 200;

  /** What becomes of a connection. */
  enum Admission {
    /** It is served. */
    WELCOME,
    /** It is served with refusals, for a moment. */
    TOLD,
    /** It is closed. */
    CLOSED
  }

  private final int perAddressMax;
  private final int max;

  @GuardedBy("this")
  private final Multiset<InetAddress> served = HashMultiset.create();

  @GuardedBy("this")
  private final Map<SocketAddress, String> told = new HashMap<>();

  /**
   * Nobody has come yet.
   *
   * @param perAddressMax the most connections from one address; 0 for any number
   * @param max the most connections; 0 for any number
   */
  ConnectionCount(int perAddressMax, int max) {
    this.perAddressMax = perAddressMax == 0 ? Integer.MAX_VALUE : perAddressMax;
    this.max = max == 0 ? Integer.MAX_VALUE : max;
  }

  /** A connection has come from {@code remote}. */
  synchronized Admission come(InetSocketAddress remote) {
    if (served.size() >= max) {
      return refuse(remote, "the server has " + max + " connections, and takes no more (maxCnxns)");
    }
    if (served.count(remote.getAddress()) >= perAddressMax) {
      return refuse(
          remote,
          "%s has %d connections to this server, and may have no more (maxClientCnxns)"
              .formatted(remote.getAddress().getHostAddress(), perAddressMax));
    }
    served.add(remote.getAddress());
    return Admission.WELCOME;
  }

  @GuardedBy("this")
  private Admission refuse(InetSocketAddress remote, String why) {
    if (told.size() >= TOLD_MAX) {
      return Admission.CLOSED;
    }
    told.put(remote, why);
    return Admission.TOLD;
  }

  /** A connection from {@code remote} that was not closed at once has ended. */
  synchronized void gone(InetSocketAddress remote) {
    if (told.remove(remote) == null) {
      served.remove(remote.getAddress());
    }
  }

  /** Why the connection from {@code remote} is only told that it is too many, if it is. */
  synchronized Optional<String> refusal(SocketAddress remote) {
    return Optional.ofNullable(told.get(remote));
  }

  /** How many connections are served. */
  synchronized int size() {
    return served.size();
  }
}
