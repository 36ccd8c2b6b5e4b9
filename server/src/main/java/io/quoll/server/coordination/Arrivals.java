package io.quoll.server.coordination;

/**
 * When the requests of a line came, in their order: a ring that grows, so that to note a time takes
 * no object. Confined to its owner.
 */
final class Arrivals {
  private static final int CAPACITY_FIRST = 16;

  private long[] ring = new long[CAPACITY_FIRST]; // Its length is a power of two.
  private int first;
  private int count;

  /** Notes the time of the last request. */
  void add(long nanos) {
    if (count == ring.length) {
      grow();
    }
    ring[(first + count) & (ring.length - 1)] = nanos;
    count++;
  }

  private void grow() {
    long[] larger = new long[2 * ring.length];
    for (int i = 0; i < count; i++) {
      larger[i] = ring[(first + i) & (ring.length - 1)];
    }
    ring = larger;
    first = 0;
  }

  /** Takes the time of the first request that was not taken yet; there is one. */
  long take() {
    long nanos = ring[first];
    first = (first + 1) & (ring.length - 1);
    count--;
    return nanos;
  }
}
