package io.quoll.client;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Multiset;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SetWatchesRequest;
import io.quoll.api.v1.WatchEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Sets a session's watches again on a new stream. The requests are cut into parts; the events that
 * come meanwhile are kept back until the last part is answered, then put into the order of their
 * zxids and freed of doubles: one event may be missed by watches of several parts, and may come
 * live for those that are set already. If the stream breaks before, nothing was told and the next
 * stream begins anew.
 *
 * <p>Watches for one event come in parts before the others: what they missed is told by how the
 * znodes are now, and must not be taken for what persistent watches missed.
 *
 * <p>Confined to the session's lane.
 */
final class Rearming {
  /** A part takes no further path once its paths hold so many bytes. */
  static final int PART_BYTES_MAX = 128 * 1024;

  /** Persistent watches that missed more events than this are told of a gap instead. */
  static final int EVENTS_MAX = 100_000;

  private final EventProgress progress;
  private final List<SessionCall<SessionReply>> calls = new ArrayList<>();
  private final List<WatchEvent> oneShotEvents = new ArrayList<>();
  private final List<WatchEvent> persistentEvents = new ArrayList<>();
  private final Multiset<WatchEvent> eventsKept = HashMultiset.create();
  private final Source live = new Source();
  private final int oneShotParts;
  private Source missed = new Source();
  private int partsAnswered;
  private long answeredZxid;
  private long trimmedThroughZxid;
  private long leftOutZxid;

  Rearming(WatchTables watches, EventProgress progress) {
    this.progress = progress;
    Parts parts = new Parts();
    parts.add(watches.dataPaths(), SetWatchesRequest.Builder::addData);
    parts.add(watches.existsPaths(), SetWatchesRequest.Builder::addExists);
    parts.add(watches.childrenPaths(), SetWatchesRequest.Builder::addChildren);
    parts.end();
    this.oneShotParts = calls.size();
    parts.add(watches.persistentPaths(), SetWatchesRequest.Builder::addPersistent);
    parts.add(watches.recursivePaths(), SetWatchesRequest.Builder::addPersistentRecursive);
    parts.end();
    // What was told of a zxid before the stream broke within it is not told again.
    eventsKept.addAll(progress.toldBeyond());
  }

  /**
   * Events that have no double among themselves: those that come live, or those that the watches of
   * one part missed. What several sources have is one event. Two that are equal in one source are
   * two, as of a znode that a multi sets twice.
   */
  private final class Source {
    private final Multiset<WatchEvent> seen = HashMultiset.create();

    void add(WatchEvent event) {
      if (leftOutZxid > 0) {
        leftOutZxid = Math.max(leftOutZxid, event.getZxid());
        return;
      }
      seen.add(event);
      if (seen.count(event) <= eventsKept.count(event)) {
        return;
      }
      if (persistentEvents.size() >= EVENTS_MAX) {
        leftOutZxid = Math.max(leftOutZxid, event.getZxid());
        return;
      }
      eventsKept.add(event);
      persistentEvents.add(event);
    }
  }

  /** Cuts the paths into requests of limited size. */
  private final class Parts {
    private SetWatchesRequest.Builder part = SetWatchesRequest.newBuilder();
    private int bytes;

    void add(Set<String> paths, BiFunction<SetWatchesRequest.Builder, String, ?> add) {
      for (String path : paths) {
        var unused = add.apply(part, path);
        bytes += path.length() + 3;
        if (bytes >= PART_BYTES_MAX) {
          end();
        }
      }
    }

    void end() {
      if (bytes == 0) {
        return;
      }
      part.setSinceZxid(progress.completeZxid());
      calls.add(
          SessionCall.ofStream(SessionRequest.newBuilder().setSetWatches(part))
              .withEffect((reply, watches) -> answered(reply)));
      part = SetWatchesRequest.newBuilder();
      bytes = 0;
    }
  }

  /** What has to be sent before all else. */
  ImmutableList<SessionCall<SessionReply>> calls() {
    return ImmutableList.copyOf(calls);
  }

  boolean isDone() {
    return partsAnswered == calls.size();
  }

  /** Takes what comes between the parts' answers. */
  void keep(WatchEvent event) {
    WatchEvent plain = event.toBuilder().clearMissed().build();
    if (!event.getMissed()) {
      if (oneShotParts > 0) {
        oneShotEvents.add(plain);
      }
      live.add(plain);
    } else if (partsAnswered < oneShotParts) {
      oneShotEvents.add(plain);
    } else {
      missed.add(plain);
    }
  }

  private void answered(SessionReply reply) {
    partsAnswered++;
    answeredZxid = reply.getZxid();
    missed = new Source();
    trimmedThroughZxid =
        Math.max(trimmedThroughZxid, reply.getSetWatches().getTrimmedThroughZxid());
  }

  /** Tells all that was kept back. */
  void tell(Telling telling) {
    long since = progress.completeZxid();
    long gapZxid = Math.max(trimmedThroughZxid, leftOutZxid);
    if (gapZxid > 0) {
      telling.gap(new WatchGap(since, gapZxid));
    }
    List<WatchEvent> events = new ArrayList<>();
    Multiset<WatchEvent> persistent = HashMultiset.create(persistentEvents);
    Multiset<WatchEvent> oneShot = HashMultiset.create(oneShotEvents);
    events.addAll(persistentEvents);
    for (WatchEvent event : oneShotEvents) {
      if (!persistent.contains(event)) {
        events.add(event);
      }
    }
    events.sort(Comparator.comparingLong(WatchEvent::getZxid));
    for (WatchEvent event : events) {
      telling.event(event, oneShot.contains(event), persistent.contains(event));
    }
    events.forEach(progress::told);
    progress.completed(answeredZxid);
  }

  /** Takes what was kept back. */
  interface Telling {
    void gap(WatchGap gap);

    void event(WatchEvent event, boolean toOneShot, boolean toPersistent);
  }
}
