package io.quoll.statemachine.command;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import java.util.function.Function;

/**
 * What a log entry came to: the transaction with all its changes, for the store, and what became of
 * each proposal, for its origin and for watches.
 *
 * <p>Confined to the apply thread, as its transaction is; the list may be handed on.
 */
public record EntryOutcome(StateTransaction transaction, ImmutableList<Applied> applied) {
  /**
   * One proposal after its application.
   *
   * @param origin who proposed it
   * @param sequence its number
   * @param zxid the zxid of its changes; if it has none, the last zxid before it
   * @param result what it came to; a {@link Result.Recorded} holds a zxid of its own
   * @param changes what it changed in the tree, in the order in which it happened
   */
  public record Applied(
      Origin origin, long sequence, long zxid, Result result, ImmutableList<Change> changes) {}

  /** Sees the state that each proposal of an entry leaves. */
  public interface Observer {
    /** A proposal was applied; {@code state} is only to be looked at, during this call. */
    void onApplied(Origin origin, long sequence, StateView state);
  }

  /**
   * Applies {@code entry} to {@code committed}.
   *
   * <p>An origin's proposals count once and in their order, whatever a change of leader did to its
   * batches: what was applied before is skipped, and a batch that leaves a gap, or that comes from
   * an earlier incarnation, is skipped whole. Its origin sends again what is missing. (ADR 0004.) A
   * session's numbered writes, which may come by several origins, count once too: {@link
   * SessionWrite}.
   *
   * @param encoder the form in which the replies to numbered writes are recorded; a pure function,
   *     the same on every replica
   * @param observer is told of each proposal that is applied
   */
  public static EntryOutcome of(
      LogEntry entry,
      StateView committed,
      Function<RecordedReply, ByteString> encoder,
      Observer observer) {
    StateTransaction state =
        new StateTransaction(committed, committed.zxid(), committed.timeMillis());
    ImmutableList.Builder<Applied> applied = ImmutableList.builder();
    for (Batch batch : entry.batches()) {
      apply(batch, entry, state, encoder, observer, applied);
    }
    return new EntryOutcome(state, applied.build());
  }

  private static void apply(
      Batch batch,
      LogEntry entry,
      StateTransaction state,
      Function<RecordedReply, ByteString> encoder,
      Observer observer,
      ImmutableList.Builder<Applied> applied) {
    int skipped = alreadyApplied(batch, state);
    for (int i = skipped; i < batch.proposals().size(); i++) {
      long sequence = batch.firstSequence() + i;
      Outcome outcome = outcome(batch.proposals().get(i), entry, state, encoder);
      StateTransaction transaction = outcome.transaction();
      state.merge(transaction);
      applied.add(
          new Applied(
              batch.origin(), sequence, state.zxid(), outcome.result(), transaction.changes()));
      observer.onApplied(batch.origin(), sequence, state);
    }
    if (skipped < batch.proposals().size()) {
      remember(batch, state);
    }
  }

  private static Outcome outcome(
      Proposal proposal,
      LogEntry entry,
      StateView state,
      Function<RecordedReply, ByteString> encoder) {
    if (!proposal.caller().isCurrentIn(entry.term())) {
      return Outcome.ofNothing(
          new Result.Rejected(
              ErrorCode.RUNTIME_INCONSISTENCY, "", "the term of the leader who decided it is over"),
          state);
    }
    return SessionWrite.apply(proposal, state, entry.timeMillis(), encoder);
  }

  private static int alreadyApplied(Batch batch, StateView state) {
    Origin origin = batch.origin();
    ServerRecord known =
        state.server(origin.serverId()).orElse(ServerRecord.unknown(origin.serverId()));
    if (origin.incarnation() < known.incarnation()) {
      return batch.proposals().size();
    }
    long last = origin.incarnation() == known.incarnation() ? known.lastSequence() : 0;
    if (batch.firstSequence() > last + 1) {
      return batch.proposals().size();
    }
    return (int) Math.min(batch.proposals().size(), last + 1 - batch.firstSequence());
  }

  private static void remember(Batch batch, StateTransaction state) {
    Origin origin = batch.origin();
    ServerRecord known =
        state.server(origin.serverId()).orElse(ServerRecord.unknown(origin.serverId()));
    state.putServer(known.withSequence(origin.incarnation(), batch.lastSequence()));
  }
}
