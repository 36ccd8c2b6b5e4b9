package io.quoll.server.consensus;

import com.google.common.collect.ImmutableList;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * The replicated log as those see it who bring proposals to it: who may append, and how far it is
 * committed. Thread-safe.
 */
interface ProposalLog {
  /** Whether this replica is the leader and may propose. */
  boolean isLeaderReady();

  /** The number of the leader that this replica knows of, or 0. */
  int leaderId();

  /** The last entry that is known to be committed. */
  long commitIndex();

  /**
   * Appends an entry to the log, in the order of the calls. Completes once this replica has applied
   * it; fails if it was not appended, or if that is not known.
   */
  CompletableFuture<?> append(byte[] entry);

  /** As leader, the members that answer and are not known to have learned what is committed. */
  ImmutableList<RaftPeerId> membersBehindCommit();

  /** Lets a follower know what is committed, before the next entry or heartbeat would. */
  CompletableFuture<?> tellCommitIndex(RaftPeerId follower);
}
