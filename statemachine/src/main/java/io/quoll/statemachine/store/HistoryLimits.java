package io.quoll.statemachine.store;

/**
 * How much of the history a store keeps. Once one limit is passed, the oldest events go until all
 * limits are kept with a sixteenth to spare, so that trimming is rare; those of one commit go
 * together, or as many of them as share a {@link HistoryRow}, and those of one transaction always.
 * A single commit may exceed the limits until the next.
 *
 * @param eventsMax how many events
 * @param bytesMax how many bytes of keys and values, before compression
 * @param ageMillisMax how old an event may become, by the time of the last transaction; looked at
 *     with every commit, so that a store nobody writes to forgets nothing
 */
public record HistoryLimits(long eventsMax, long bytesMax, long ageMillisMax) {
  /** A million events, of a day at most, in a quarter of a GiB. */
  public static final HistoryLimits DEFAULT =
      new HistoryLimits(1_000_000, 256L << 20, 24L * 60 * 60 * 1000);

  private static final int SPARE = 16;

  boolean areExceededBy(HistoryExtent extent, long timeMillis) {
    return !allow(extent, timeMillis, eventsMax, bytesMax, ageMillisMax);
  }

  boolean areKeptToSpareBy(HistoryExtent extent, long timeMillis) {
    return allow(
        extent,
        timeMillis,
        eventsMax - eventsMax / SPARE,
        bytesMax - bytesMax / SPARE,
        ageMillisMax - ageMillisMax / SPARE);
  }

  private static boolean allow(
      HistoryExtent extent, long timeMillis, long eventsMax, long bytesMax, long ageMillisMax) {
    return extent.events() == 0
        || (extent.events() <= eventsMax
            && extent.bytes() <= bytesMax
            && timeMillis - extent.oldestMillis() <= ageMillisMax);
  }
}
