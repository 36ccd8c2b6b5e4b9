package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * All that clients saw in a run.
 *
 * @param calls by their numbers
 * @param names creates of sequential znodes: the value of each, and the name that it was given
 * @param sessions what each session was told, in its order
 * @param watches what watches apart from sessions told
 * @param changes what happened to the tree as a server tells it when all is over, by zxid
 */
record History(
    ImmutableList<Call> calls,
    ImmutableList<Timed<String, String>> names,
    ImmutableList<SessionRecord> sessions,
    ImmutableList<WatchRecord> watches,
    ImmutableList<Event> changes) {

  /** A change of a znode. */
  @Immutable
  record Event(long zxid, String path, Kind kind) {}

  /** What happened to a znode. */
  enum Kind {
    CREATED,
    DELETED,
    CHANGED
  }

  /** Something that a session is told. */
  @Immutable
  sealed interface Told {}

  /** Its watch, which sees all of the tree, tells a change. */
  record Noticed(Event event) implements Told {}

  /** A call of its is answered, which has this number. */
  record Answered(int call) implements Told {}

  /** What a session was told, in order. */
  record SessionRecord(int session, ImmutableList<Told> told) {
    ImmutableList<Event> events() {
      return told.stream()
          .filter(Noticed.class::isInstance)
          .map(each -> ((Noticed) each).event())
          .collect(ImmutableList.toImmutableList());
    }
  }

  /** Something that a watch tells. */
  @Immutable
  sealed interface Notice {}

  /** All that happened at a zxid. */
  record Batch(long zxid, ImmutableList<Event> events) implements Notice {}

  /** All up to a zxid was told. */
  record Bookmark(long zxid) implements Notice {}

  /**
   * What a watch told.
   *
   * @param afterZxid it was to tell all that happened after this zxid
   * @param path it was to tell what happens there and below
   */
  record WatchRecord(String name, long afterZxid, String path, ImmutableList<Notice> notices) {
    ImmutableList<Event> events() {
      return notices.stream()
          .filter(Batch.class::isInstance)
          .flatMap(each -> ((Batch) each).events().stream())
          .collect(ImmutableList.toImmutableList());
    }

    /** This record with other notices. */
    WatchRecord with(ImmutableList<Notice> others) {
      return new WatchRecord(name, afterZxid, path, others);
    }
  }

  History withCalls(ImmutableList<Call> others) {
    return new History(others, names, sessions, watches, changes);
  }

  History withNames(ImmutableList<Timed<String, String>> others) {
    return new History(calls, others, sessions, watches, changes);
  }

  History withSessions(ImmutableList<SessionRecord> others) {
    return new History(calls, names, others, watches, changes);
  }

  History withWatches(ImmutableList<WatchRecord> others) {
    return new History(calls, names, sessions, others, changes);
  }

  History withChanges(ImmutableList<Event> others) {
    return new History(calls, names, sessions, watches, others);
  }
}
