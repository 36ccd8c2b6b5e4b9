package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Identities;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told, as text such as {@code "NODE_CREATED /app 7"}. Thread-safe. */
class RecordingWatcher implements Watcher {
  private final List<WatchEvent> events = new ArrayList<>();
  private final List<Long> gaps = new ArrayList<>();
  private final Identities identities;

  /** A watcher of whom nothing is known. */
  RecordingWatcher() {
    this(Identities.NONE);
  }

  RecordingWatcher(Identities identities) {
    this.identities = identities;
  }

  @Override
  public Identities identities() {
    return identities;
  }

  @Override
  public synchronized void onEvent(WatchEvent event) {
    events.add(event);
  }

  @Override
  public synchronized void onGap(long throughZxid) {
    gaps.add(throughZxid);
  }

  /** What it was told since the last call. */
  synchronized ImmutableList<String> take() {
    ImmutableList<String> taken =
        events.stream().map(RecordingWatcher::text).collect(ImmutableList.toImmutableList());
    events.clear();
    return taken;
  }

  synchronized ImmutableList<WatchEvent> events() {
    return ImmutableList.copyOf(events);
  }

  synchronized ImmutableList<Long> gaps() {
    return ImmutableList.copyOf(gaps);
  }

  static String text(WatchEvent event) {
    return event.type() + " " + event.path() + " " + event.zxid();
  }
}
