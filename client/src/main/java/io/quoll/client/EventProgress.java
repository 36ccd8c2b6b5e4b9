package io.quoll.client;

import io.quoll.api.v1.WatchEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a session's watches were told what happened: of which zxid they have all events, and
 * which ones of the zxid after that. A stream may break between two events of one zxid.
 *
 * <p>Confined to the session's lane.
 */
final class EventProgress {
  private long completeZxid;
  private long partialZxid;
  private final List<WatchEvent> partial = new ArrayList<>();

  /** All events up to this zxid were told. */
  long completeZxid() {
    return completeZxid;
  }

  /** An event came: those of lower zxids came before. */
  void told(WatchEvent event) {
    if (event.getZxid() <= completeZxid) {
      return;
    }
    if (event.getZxid() != partialZxid) {
      completed(event.getZxid() - 1);
      partialZxid = event.getZxid();
    }
    partial.add(event);
  }

  /** A reply or the like came that all events up to this zxid precede. */
  void completed(long zxid) {
    completeZxid = Math.max(completeZxid, zxid);
    if (partialZxid <= completeZxid) {
      partialZxid = 0;
      partial.clear();
    }
  }

  /** The events above {@link #completeZxid} that were told all the same. */
  List<WatchEvent> toldBeyond() {
    return List.copyOf(partial);
  }
}
