package io.quoll.integration;

import com.google.common.collect.ImmutableList;
import io.quoll.client.QuollSession;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchGap;
import io.quoll.client.WatchHandler;
import io.quoll.client.WatchKind;
import java.util.ArrayList;
import java.util.List;

/** What the watches of one handler were told, in order. Thread-safe. */
final class Told implements WatchHandler {
  private final List<WatchEvent> events = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final List<WatchGap> gaps = new ArrayList<>();

  @Override
  public synchronized void onEvent(WatchEvent event) {
    events.add(event);
    lines.add(line(event));
  }

  /** How {@link #lines} shows an event: {@code NODE_CREATED /path}. */
  static String line(WatchEvent event) {
    return event.type() + " " + event.path();
  }

  @Override
  public synchronized void onGap(WatchGap gap) {
    gaps.add(gap);
  }

  @Override
  public synchronized void onRemoved(String path, WatchKind kind) {
    lines.add("removed " + kind + " " + path);
  }

  /**
   * What was told of all that anybody had acknowledged before this is called: what is not among it
   * by now never will be.
   */
  ImmutableList<String> lines(QuollSession session) {
    await(session);
    synchronized (this) {
      return ImmutableList.copyOf(lines);
    }
  }

  /** As {@link #lines}, the events themselves. */
  ImmutableList<WatchEvent> events(QuollSession session) {
    await(session);
    synchronized (this) {
      return ImmutableList.copyOf(events);
    }
  }

  /** As {@link #lines}, the gaps that were told. */
  ImmutableList<WatchGap> gaps(QuollSession session) {
    await(session);
    synchronized (this) {
      return ImmutableList.copyOf(gaps);
    }
  }

  // A sync comes after all events up to then, and the executor after their handlers.
  private static void await(QuollSession session) {
    session.async().sync("/").thenRunAsync(() -> {}, session.async().executor()).join();
  }
}
