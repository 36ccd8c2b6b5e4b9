package io.quoll.server.consensus;

import com.google.common.collect.ComparisonChain;
import io.quoll.statemachine.store.Position;

/**
 * That a replica misses its leader, and how it stands among those who may take the leader's place.
 *
 * @param serverId whose replica it is
 * @param leaderId the leader that it misses
 * @param term the term of that leader
 * @param logEnd the last entry of the replica's log
 */
record Absence(int serverId, int leaderId, long term, Position logEnd) {
  /** What another replica says to it. */
  enum Answer {
    /** It hears the leader, or knows another term. */
    REFUSES,
    /** It misses the leader too, and would vote for who asks. */
    AGREES,
    /** It misses the leader too, and is itself the one to take its place. */
    PRECEDES
  }

  /**
   * Whether this replica rather than the other is to seek votes: the one with the longer log, which
   * alone can win if the logs differ, and of those with the same log the one with the lower number.
   */
  boolean precedes(Absence other) {
    return ComparisonChain.start()
            .compare(logEnd.term(), other.logEnd.term())
            .compare(logEnd.index(), other.logEnd.index())
            .compare(other.serverId, serverId)
            .result()
        > 0;
  }
}
