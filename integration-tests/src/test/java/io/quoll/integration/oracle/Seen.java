package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * Something that a session saw, an answer or an event, in words that are the same for both
 * products. What cannot be the same is apart: zxids and times, which are compared by their order
 * and by which of them are equal.
 *
 * @param text all that has to be equal
 * @param moments the zxids in it, in the order of the text
 */
@Immutable
record Seen(String text, ImmutableList<Moment> moments) {
  private static final String TOLD = " told to watcher ";

  /** A time that is not told. */
  static final long NO_TIME = -1;

  /**
   * A zxid, and the time of its transaction where it comes with one.
   *
   * @param timeMillis since 1970, or {@link #NO_TIME}
   */
  @Immutable
  record Moment(long zxid, long timeMillis) {}

  /** Something without any zxid. */
  static Seen of(String text) {
    return new Seen(text, ImmutableList.of());
  }

  /** This event, as a watcher is told it. */
  Seen toldTo(int watcher) {
    return new Seen(text + TOLD + watcher, moments);
  }

  /** Whether it is an event that a watcher was told. */
  boolean isEvent() {
    return text.contains(TOLD);
  }

  /** Whether both are events of the same zxid. */
  boolean isOfZxidOf(Seen other) {
    return isEvent() && other.isEvent() && moments.equals(other.moments);
  }

  @Override
  public String toString() {
    return moments.isEmpty() ? text : text + " " + moments;
  }
}
