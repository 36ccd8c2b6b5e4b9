package io.quoll.statemachine.store;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.LongConsumer;

/**
 * Which rows of replies there are. The replies to a session's writes in one commit are one row, a
 * run, at the number of the first; it goes once none of them need be kept. Known in memory, so that
 * a commit need not look for the rows that it deletes. Confined to the apply thread.
 */
final class ReplyRuns {
  private static final int USUAL_RUNS = 2;

  private final Map<Long, Queue<Run>> bySession = new HashMap<>();

  private record Run(long firstCxid, long lastCxid) {}

  /** Takes note of a run, the last of its session so far. */
  void add(long sessionId, long firstCxid, long lastCxid) {
    bySession
        .computeIfAbsent(sessionId, unused -> new ArrayDeque<>(USUAL_RUNS))
        .add(new Run(firstCxid, lastCxid));
  }

  /** Forgets the runs that end before {@code firstKeptCxid}, and hands on where they begin. */
  void dropBefore(long sessionId, long firstKeptCxid, LongConsumer dropped) {
    Queue<Run> runs = bySession.get(sessionId);
    if (runs == null) {
      return;
    }
    Run oldest = runs.peek();
    while (oldest != null && oldest.lastCxid < firstKeptCxid) {
      dropped.accept(oldest.firstCxid);
      runs.remove();
      oldest = runs.peek();
    }
    if (oldest == null) {
      bySession.remove(sessionId);
    }
  }

  /** Forgets all runs of a session, and hands on where they begin. */
  void dropAll(long sessionId, LongConsumer dropped) {
    dropBefore(sessionId, Long.MAX_VALUE, dropped);
  }
}
