package io.quoll.integration.fault;

import com.google.common.collect.ImmutableList;
import io.quoll.client.QuollException;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchGap;
import io.quoll.client.WatchHandler;
import io.quoll.client.WatchListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps every event that a watch tells, in order, and whatever it says is missing. Thread-safe. */
final class EventRecord implements WatchHandler, WatchListener {
  private final String name;
  private final List<WatchEvent> events = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();

  EventRecord(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }

  @Override
  public synchronized void onEvent(WatchEvent event) {
    events.add(event);
  }

  @Override
  public synchronized void onEvents(
      long zxid, long timeMillis, ImmutableList<WatchEvent> eventsOfZxid) {
    if (eventsOfZxid.stream().anyMatch(event -> event.zxid() != zxid)) {
      violations.add("%s: events of other zxids came with %d".formatted(name, zxid));
    }
    events.addAll(eventsOfZxid);
  }

  @Override
  public synchronized void onGap(WatchGap gap) {
    violations.add(name + ": " + gap);
  }

  @Override
  public synchronized void onTrimmed(long throughZxid) {
    violations.add(name + ": trimmed through " + throughZxid);
  }

  @Override
  public synchronized void onEnded(QuollException reason) {
    violations.add(name + ": ended: " + reason);
  }

  /** Whether it has an event of that path. */
  synchronized boolean hasSeen(String path) {
    return events.stream().anyMatch(event -> event.path().equals(path));
  }

  /** All events up to the one of that path. */
  synchronized ImmutableList<WatchEvent> through(String path) {
    ImmutableList.Builder<WatchEvent> through = ImmutableList.builder();
    for (WatchEvent event : events) {
      through.add(event);
      if (event.path().equals(path)) {
        break;
      }
    }
    return through.build();
  }

  synchronized ImmutableList<String> violations() {
    return ImmutableList.copyOf(violations);
  }
}
