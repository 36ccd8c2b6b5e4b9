package io.quoll.statemachine.ratis;

import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.store.Position;
import java.util.concurrent.CompletableFuture;

/**
 * What the state machine hears from Ratis and cannot answer itself. Called under Ratis' locks and
 * by its threads: return at once, and never call back into it.
 */
public interface ReplicaEvents {
  /** The log is committed up to {@code position}, and its entry is about to be applied. */
  void onAgreed(Position position);

  /** This replica learned that the server {@code leaderId} is the leader. */
  void onLeaderChanged(int leaderId);

  /** This replica is the leader, and has applied all that earlier leaders committed. */
  void onLeaderReady();

  /** This replica is no longer the leader. */
  void onNotLeader();

  /**
   * The ensemble has agreed that these are its members, by the log entry at {@code index}; the same
   * ones may be told again and again.
   */
  void onMembers(Membership members, long index);

  /**
   * The log starts behind this replica: fetch a snapshot of the leader into {@link
   * SnapshotDirectory#received}.
   *
   * @param leaderId the leader's number
   * @return the position of the snapshot, beyond that of this replica; or fails, later and by
   *     another thread, if none could be had this time
   */
  CompletableFuture<Position> fetchSnapshot(int leaderId);

  /** A snapshot was taken; entries waited {@code nanos} for it. Called by the apply thread. */
  default void onSnapshotTaken(long nanos) {}

  /** The replica cannot go on: it must stop at once. */
  void onFailure(String message, Throwable cause);

  /** The disk that holds the log failed or is full: the replica must stop at once. */
  void onLogFailure(Throwable cause);

  /** Ratis has closed the replica, in order or because something failed. */
  void onClosed();
}
