package io.quoll.integration;

import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import io.quoll.client.QuollException;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchListener;
import io.quoll.client.WatchedZnode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All that a tree watch told, a line for each thing, in order. Thread-safe. */
final class TreeRecord implements WatchListener {
  private static final Duration TOLD_MAX = Duration.ofSeconds(30);

  private final List<String> lines = new ArrayList<>();
  private final List<WatchedZnode> znodes = new ArrayList<>();
  private long startZxid;
  private long lastBookmark;

  @Override
  public synchronized void onStarted(long zxid) {
    startZxid = zxid;
    lines.add("started");
  }

  @Override
  public synchronized void onState(ImmutableList<WatchedZnode> part, boolean last) {
    znodes.addAll(part);
    part.forEach(znode -> lines.add("state " + znode.path()));
    if (last) {
      lines.add("state complete");
    }
  }

  @Override
  public synchronized void onEvents(
      long zxid, long timeMillis, ImmutableList<WatchEvent> eventsOfZxid) {
    eventsOfZxid.forEach(event -> lines.add(Told.line(event)));
  }

  @Override
  public synchronized void onBookmark(long zxid) {
    lastBookmark = zxid;
  }

  @Override
  public synchronized void onTrimmed(long throughZxid) {
    lines.add("trimmed");
  }

  @Override
  public synchronized void onEnded(QuollException reason) {
    lines.add("ended " + reason.code());
  }

  /** Waits for {@code last}, and returns all up to then. */
  ImmutableList<String> through(String last) {
    await("the watch tells: " + last)
        .atMost(TOLD_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> lines().contains(last));
    return lines();
  }

  /** Waits for a bookmark at that zxid or later, and returns its zxid. */
  long bookmarkFrom(long zxid) {
    return await("the watch sends a bookmark from " + zxid + " on")
        .atMost(TOLD_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(this::lastBookmark, bookmark -> bookmark >= zxid);
  }

  private synchronized long lastBookmark() {
    return lastBookmark;
  }

  synchronized long startZxid() {
    return startZxid;
  }

  private synchronized ImmutableList<String> lines() {
    return ImmutableList.copyOf(lines);
  }

  /** The initial state, as far as it came. */
  synchronized ImmutableList<WatchedZnode> znodes() {
    return ImmutableList.copyOf(znodes);
  }
}
