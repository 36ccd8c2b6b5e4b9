package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * What a session saw, in its order. Of the watchers that are told the same event those with lower
 * numbers come first: in which order they are told is left open. Thread-safe.
 */
final class SessionLog {
  private final List<Seen> entries = new ArrayList<>();
  private final List<Integer> watchers = new ArrayList<>();
  private Seen event = Seen.of("");

  /** Adds an answer. */
  synchronized Seen addAnswer(Seen answer) {
    endEvent();
    entries.add(answer);
    return answer;
  }

  /** Adds that a watcher was told an event. */
  synchronized void addEvent(int watcher, Seen told) {
    if (!event.equals(told)) {
      endEvent();
      event = told;
    }
    watchers.add(watcher);
  }

  /** Whether this is the event that came last, behind all answers, and the watcher was told it. */
  synchronized boolean wasJustTold(int watcher, Seen told) {
    return event.equals(told) && watchers.contains(watcher);
  }

  private void endEvent() {
    watchers.stream().sorted().forEach(watcher -> entries.add(event.toldTo(watcher)));
    watchers.clear();
  }

  /** All since this was asked last. */
  synchronized ImmutableList<Seen> take() {
    endEvent();
    ImmutableList<Seen> taken = ImmutableList.copyOf(entries);
    entries.clear();
    return taken;
  }
}
