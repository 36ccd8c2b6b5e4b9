package io.quoll.client;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a {@link TreeWatch} is to tell.
 *
 * @param mode how far it reaches
 * @param startZxid tell all that happened after this zxid, 0 being the beginning of the tree; empty
 *     to begin with what happens from now on
 * @param initialState whether the state comes first; cannot be combined with {@code startZxid}
 * @param withData whether the state comes with the data of the znodes
 * @param bookmarkInterval how long the watch may be silent before it tells how far it is; at least
 *     100 ms
 */
public record WatchOptions(
    WatchMode mode,
    OptionalLong startZxid,
    boolean initialState,
    boolean withData,
    Duration bookmarkInterval) {
  private static final Duration BOOKMARK_INTERVAL = Duration.ofSeconds(10);
  private static final Duration BOOKMARK_INTERVAL_MIN = Duration.ofMillis(100);

  /** Refuses options that do not fit together. */
  public WatchOptions {
    if (startZxid.isPresent() && initialState) {
      throw new IllegalArgumentException("a watch from a zxid cannot begin with the state");
    }
    if (bookmarkInterval.compareTo(BOOKMARK_INTERVAL_MIN) < 0) {
      throw new IllegalArgumentException("bookmarks come at most every 100 ms");
    }
  }

  /** From now on, in this mode, with a bookmark after 10 s of silence. */
  public static WatchOptions of(WatchMode mode) {
    return new WatchOptions(mode, OptionalLong.empty(), false, false, BOOKMARK_INTERVAL);
  }

  /** These options for all that happened after the zxid. */
  public WatchOptions from(long zxid) {
    return new WatchOptions(mode, OptionalLong.of(zxid), false, withData, bookmarkInterval);
  }

  /** These options with the state first, and with its data or without. */
  public WatchOptions withInitialState(boolean andData) {
    return new WatchOptions(mode, OptionalLong.empty(), true, andData, bookmarkInterval);
  }

  /** These options with another interval of bookmarks. */
  public WatchOptions withBookmarkInterval(Duration interval) {
    return new WatchOptions(mode, startZxid, initialState, withData, interval);
  }
}
