package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;

/**
 * What a store tells of itself to whoever watches over it, at one moment.
 *
 * @param sessions how many sessions there are in the ensemble
 * @param hot the znodes that are kept decoded
 * @param history the history of events
 * @param gauges values of the engine below that go up and down, by name: of RocksDB those of its
 *     properties, summed up over the column families
 * @param counters values of the engine that only grow while it is open, by name
 */
@Immutable
public record StoreFigures(
    int sessions,
    Hot hot,
    History history,
    ImmutableMap<String, Long> gauges,
    ImmutableMap<String, Long> counters) {
  /** What a store tells that has nothing to tell. */
  public static final StoreFigures NONE =
      new StoreFigures(
          0, new Hot(0, 0, 0), new History(0, 0, 0, 0), ImmutableMap.of(), ImmutableMap.of());

  /**
   * Znodes that are kept decoded.
   *
   * @param hits how often one was found there
   * @param misses how often it was not
   * @param znodes how many there are, about
   */
  @Immutable
  public record Hot(long hits, long misses, long znodes) {}

  /**
   * The history of events.
   *
   * @param events how many are kept
   * @param bytes what they take, about
   * @param trimmedZxid the zxid up to which they are not kept
   * @param oldestMillis the time of the oldest, in milliseconds since 1970; 0 if there is none
   */
  @Immutable
  public record History(long events, long bytes, long trimmedZxid, long oldestMillis) {}
}
