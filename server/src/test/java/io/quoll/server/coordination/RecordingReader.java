package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what a feed tells, as text such as {@code "events 7 NODE_CREATED /app"}, and takes no more
 * than it is allowed to. Thread-safe.
 */
final class RecordingReader implements FeedReader {
  private final List<String> told = new ArrayList<>();
  private final List<WatchEvent> events = new ArrayList<>();
  private final List<WatchedZnode> znodes = new ArrayList<>();
  private long room;
  private boolean ended;

  RecordingReader() {
    this(Long.MAX_VALUE);
  }

  /** A reader that takes {@code room} messages. */
  RecordingReader(long room) {
    this.room = room;
  }

  synchronized void take(long more) {
    room += more;
  }

  synchronized List<String> told() {
    return ImmutableList.copyOf(told);
  }

  synchronized ImmutableList<WatchEvent> events() {
    return ImmutableList.copyOf(events);
  }

  synchronized ImmutableList<WatchedZnode> znodes() {
    return ImmutableList.copyOf(znodes);
  }

  synchronized boolean isEnded() {
    return ended;
  }

  private void tell(String what) {
    if (ended) {
      throw new AssertionError(what + " after the end");
    }
    told.add(what);
    room--;
  }

  @Override
  public synchronized boolean isReady() {
    return room > 0;
  }

  @Override
  public synchronized void onStarted(long zxid) {
    room++; // The first message is sent in any case.
    tell("started " + zxid);
  }

  @Override
  public synchronized void onState(long zxid, ImmutableList<WatchedZnode> part, boolean last) {
    znodes.addAll(part);
    tell("state " + zxid + " " + part.size() + (last ? " last" : ""));
  }

  @Override
  public synchronized void onEvents(
      long zxid, long timeMillis, ImmutableList<WatchEvent> part, boolean last) {
    if (!events.isEmpty() && events.get(events.size() - 1).zxid() > zxid) {
      throw new AssertionError(zxid + " after " + events.get(events.size() - 1));
    }
    events.addAll(part);
    tell("events " + zxid + " at " + timeMillis + " " + part.size() + (last ? " last" : ""));
  }

  @Override
  public synchronized void onBookmark(long zxid) {
    tell("bookmark " + zxid);
  }

  @Override
  public synchronized void onTrimmed(long throughZxid) {
    tell("trimmed " + throughZxid);
    ended = true;
  }

  @Override
  public synchronized void onFailure(Throwable failure) {
    tell("failure " + failure.getMessage());
    ended = true;
  }
}
