package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Event;

/** What a store answers when it is asked for what happened after a zxid. */
@Immutable
public sealed interface HistoryPage {
  /**
   * All that happened after the zxid that was asked for, up to {@code throughZxid}: the zxid to go
   * on from, and that of the view if there is no more.
   *
   * @param events in the order in which they happened; those of one transaction are never parted
   */
  record Events(ImmutableList<Event> events, long throughZxid) implements HistoryPage {}

  /** Not all of what happened is kept: the events up to {@code throughZxid} are gone. */
  record Trimmed(long throughZxid) implements HistoryPage {}
}
