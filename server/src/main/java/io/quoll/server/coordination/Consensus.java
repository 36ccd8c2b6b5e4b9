package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateView;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Agreement on the order of commands, as this replica takes part in it. Thread-safe; no method
 * blocks.
 */
public interface Consensus extends Measured {
  /**
   * A command that was applied.
   *
   * @param zxid the zxid of its changes, or the last zxid before it if it changed nothing
   * @param result what it came to
   */
  record Reply(long zxid, Result result) {
    /**
     * The result, which is of this kind.
     *
     * @throws Rejection if the command was rejected
     */
    <T extends Result> T expect(Class<T> kind) {
      if (result instanceof Result.Rejected rejected) {
        throw new Rejection(rejected.code(), rejected.path(), rejected.detail());
      }
      return kind.cast(result);
    }
  }

  /** A command on its way through the log. Thread-safe. */
  interface Submission {
    /** The reply, as {@link #submit} says. */
    CompletableFuture<Reply> reply();

    /**
     * Has {@code read} look at the state that the command leaves, before any other command is
     * applied: on the thread that applies, which it must not keep. It is called before the reply
     * comes, or never if the reply fails. After a snapshot took the place of the log it may see
     * later commands too.
     *
     * @return false if the command was applied already, so that {@code read} is not called
     */
    boolean readBehind(Consumer<StateView> read);
  }

  /**
   * Where a replica stands.
   *
   * @param serverId its number
   * @param role what it does
   * @param term its Raft term
   * @param leaderId the leader that it knows of, or 0
   * @param appliedIndex the last entry of the log that it applied
   * @param commitIndex the last entry that it knows to be committed
   * @param zxid the last zxid that it published
   * @param treeDigest the digest of its tree at that zxid
   * @param version the version of its software
   */
  record Standing(
      int serverId,
      Role role,
      long term,
      int leaderId,
      long appliedIndex,
      long commitIndex,
      long zxid,
      long treeDigest,
      String version) {}

  /**
   * A snapshot that a replica took.
   *
   * @param zxid the zxid that it stands at
   * @param atMillis when it was taken, in milliseconds since 1970
   */
  record SnapshotTaken(long zxid, long atMillis) {}

  /** What a replica does. */
  enum Role {
    LEADER,
    FOLLOWER,
    CANDIDATE,
    OBSERVER,
    STANDALONE
  }

  /**
   * A member of the ensemble.
   *
   * @param serverId its number
   * @param peerAddress where it talks to its peers, as {@code host:port}
   * @param clientAddress where it takes clients, as {@code host:port}; empty if it never told
   * @param observer whether it never votes
   */
  record Member(int serverId, String peerAddress, String clientAddress, boolean observer) {}

  /**
   * Proposes {@code command}. The reply comes once this replica has applied it and published its
   * zxid, in the order in which commands were submitted. Tried again over changes of leader, and
   * applied once, for as long as this server runs.
   *
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   * @return the reply; or fails with {@link UnavailableException} if it was not applied by {@code
   *     deadlineNanos}, whose {@code applied} says whether it still may be
   */
  default CompletableFuture<Reply> submit(Caller caller, Command command, long deadlineNanos) {
    return propose(caller, command, deadlineNanos).reply();
  }

  /**
   * As {@link #submit}, for who may want to read what the command leaves. The reply comes by the
   * thread that applies entries, which all others wait for: what follows it must not take long.
   */
  Submission propose(Caller caller, Command command, long deadlineNanos);

  /**
   * Completes once this replica has applied all that was acknowledged anywhere before this call;
   * one round of the ensemble serves all that wait. Fails as {@link #submit} does.
   *
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   */
  CompletableFuture<Void> barrier(long deadlineNanos);

  /**
   * Takes a snapshot of this replica, unless nothing was applied since the last, and holds it.
   *
   * @param fresh whether it is to include all that was acknowledged anywhere before this call, for
   *     which there must be a quorum; else it is what this replica has
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   * @return the snapshot, which the caller closes; fails with {@link UnavailableException} if none
   *     was taken
   */
  CompletableFuture<HeldSnapshot> snapshot(boolean fresh, long deadlineNanos);

  /** Where this replica stands. */
  Standing standing();

  /** The Raft term of this replica; asked for every reply, and so worth being cheap. */
  default long term() {
    return standing().term();
  }

  /** Where the replica {@code serverId} stands, asked over the network; fails if it is silent. */
  CompletableFuture<Standing> standingOf(int serverId);

  /** The members of the ensemble, in the order of their numbers. */
  ImmutableList<Member> members();

  @Override
  default void measure(Measurements to) {}

  /** Has the writes that are proposed from now on followed. */
  default void traceBy(WriteTracing tracing) {}

  /** The last snapshot that this replica took since it started. */
  default Optional<SnapshotTaken> lastSnapshot() {
    return Optional.empty();
  }

  /**
   * Does what is asked about the members, at the leader, wherever that is; goes on over a change of
   * leader. Returns when this replica has applied it.
   *
   * @param deadlineNanos when to give up, by {@link System#nanoTime}
   * @return what came of it; or fails with a {@link Rejection}: {@code BAD_ARGUMENTS}, {@code
   *     BAD_VERSION}, {@code NEW_CONFIG_NO_QUORUM} or {@code RECONFIG_IN_PROGRESS}, and then
   *     nothing has changed; or with {@link UnavailableException}, and then it still may
   */
  CompletableFuture<MemberOutcome> administer(MemberRequest request, long deadlineNanos);

  /** Whether this replica knows a leader, and, if that is itself, a majority answers to it. */
  boolean hasQuorum();

  /**
   * Tells the leader, which may be this replica itself, of signs of life.
   *
   * @param timeoutMillis when to give up
   * @return the Raft term of the leader that took the report; fails if none did, or if that is not
   *     known
   */
  CompletableFuture<Long> reportTouches(TouchReport report, long timeoutMillis);

  /** Lets {@code receiver} take the reports of all replicas whenever this one leads. */
  void setTouchReceiver(TouchReceiver receiver);
}
