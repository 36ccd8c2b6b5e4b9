package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.client.QuollException;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchListener;
import java.util.ArrayList;
import java.util.List;

/** Records what a watch apart from sessions tells. Thread-safe. */
final class RecordedWatch implements WatchListener {
  private final String name;
  private final String path;
  private final long afterZxid;

  @GuardedBy("this")
  private final List<History.Notice> notices = new ArrayList<>();

  @GuardedBy("this")
  private final List<String> violations = new ArrayList<>();

  /** A record of a watch on all below {@code path}, from a zxid on. */
  RecordedWatch(String name, String path, long afterZxid) {
    this.name = name;
    this.path = path;
    this.afterZxid = afterZxid;
  }

  @Override
  public synchronized void onEvents(long zxid, long timeMillis, ImmutableList<WatchEvent> events) {
    notices.add(
        new History.Batch(
            zxid,
            events.stream().map(RecordedSession::event).collect(ImmutableList.toImmutableList())));
  }

  @Override
  public synchronized void onBookmark(long zxid) {
    notices.add(new History.Bookmark(zxid));
  }

  @Override
  public synchronized void onTrimmed(long throughZxid) {
    violations.add(name + ": trimmed through " + throughZxid);
  }

  @Override
  public synchronized void onEnded(QuollException reason) {
    violations.add(name + ": ended: " + reason);
  }

  synchronized boolean hasSeen(String wanted) {
    return notices.stream().anyMatch(notice -> tells(notice, wanted));
  }

  private static boolean tells(History.Notice notice, String path) {
    return notice instanceof History.Batch batch
        && batch.events().stream().anyMatch(event -> event.path().equals(path));
  }

  /** All that it told up to the change of that path. */
  synchronized History.WatchRecord recordThrough(String wanted) {
    ImmutableList.Builder<History.Notice> through = ImmutableList.builder();
    for (History.Notice notice : notices) {
      through.add(notice);
      if (tells(notice, wanted)) {
        break;
      }
    }
    return new History.WatchRecord(name, afterZxid, path, through.build());
  }

  /** What broke the rules for all to see. */
  synchronized ImmutableList<String> violations() {
    return ImmutableList.copyOf(violations);
  }
}
