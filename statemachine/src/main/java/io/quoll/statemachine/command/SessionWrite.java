package io.quoll.statemachine.command;

import static io.quoll.statemachine.state.ErrorCode.CXID_GAP;
import static io.quoll.statemachine.state.ErrorCode.REPLIES_FULL;
import static io.quoll.statemachine.state.ErrorCode.REPLY_TRIMMED;
import static io.quoll.statemachine.state.ErrorCode.SESSION_EXPIRED;
import static io.quoll.statemachine.state.ErrorCode.SESSION_MOVED;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets a session's writes count once and in the order of their numbers, however often and by
 * whichever servers they are sent. (ADR 0011.)
 *
 * <p>A write is refused, changing nothing and taking no number, in this order: with {@code
 * SESSION_EXPIRED} if the session is gone; with {@code SESSION_MOVED} if it is of another epoch by
 * now; and if it is numbered, with {@code REPLY_TRIMMED} if it was applied and its reply is no
 * longer kept, with {@code CXID_GAP} if it leaves out a number, with {@code REPLIES_FULL} if {@link
 * Session#REPLIES_MAX} replies are kept. One that was applied before is answered by {@link
 * Result.Recorded}.
 */
final class SessionWrite {
  private SessionWrite() {}

  static Outcome apply(
      Proposal proposal,
      StateView state,
      long timeMillis,
      Function<RecordedReply, ByteString> encoder) {
    Caller caller = proposal.caller();
    Optional<Result> answer = caller.hasSession() ? answer(caller, state) : Optional.empty();
    if (answer.isPresent()) {
      return Outcome.ofNothing(answer.get(), state);
    }
    Outcome outcome = Outcome.of(proposal.command(), caller, state, timeMillis);
    if (caller.hasSession() && caller.isNumbered()) {
      StateTransaction transaction = outcome.transaction();
      long zxid = transaction.takesZxid() ? transaction.zxid() : state.zxid();
      ByteString reply = encoder.apply(new RecordedReply(zxid, outcome.result()));
      transaction.recordReply(caller.sessionId(), caller.firstUnacknowledgedCxid(), reply);
    }
    return outcome;
  }

  /** The answer to a write that is not to be applied, or empty if it is. */
  private static Optional<Result> answer(Caller caller, StateView state) {
    try {
      Session session = requireSession(caller.sessionId(), state);
      requireEpoch(session, caller.sessionEpoch());
      return caller.isNumbered() ? repeated(caller, session, state) : Optional.empty();
    } catch (Rejection refused) {
      return Optional.of(new Result.Rejected(refused.code(), refused.path(), refused.detail()));
    }
  }

  private static Optional<Result> repeated(Caller caller, Session session, StateView state) {
    if (caller.cxid() <= session.lastCxid()) {
      return Optional.of(new Result.Recorded(requireReply(caller.cxid(), session, state)));
    }
    requireNext(caller.cxid(), session);
    requireRoom(session.acknowledged(caller.firstUnacknowledgedCxid()));
    return Optional.empty();
  }

  static Session requireSession(long sessionId, StateView state) {
    return state
        .session(sessionId)
        .orElseThrow(
            () ->
                new Rejection(SESSION_EXPIRED, "", "the session " + sessionId + " does not exist"));
  }

  static void requireEpoch(Session session, long epoch) {
    if (epoch != session.epoch()) {
      throw new Rejection(
          SESSION_MOVED,
          "",
          "the session is in its epoch "
              + session.epoch()
              + ", and the request belongs to "
              + epoch);
    }
  }

  private static ByteString requireReply(long cxid, Session session, StateView state) {
    return state
        .reply(session.id(), cxid)
        .orElseThrow(
            () ->
                new Rejection(
                    REPLY_TRIMMED,
                    "",
                    "write "
                        + cxid
                        + " was applied, and the replies before that to "
                        + session.firstKeptCxid()
                        + " were acknowledged and are gone"));
  }

  private static void requireNext(long cxid, Session session) {
    long next = session.lastCxid() + 1;
    if (cxid != next) {
      throw new Rejection(
          CXID_GAP, "", "write " + next + " is the next, not " + cxid + "; send it first");
    }
  }

  private static void requireRoom(Session session) {
    if (session.repliesKept() >= Session.REPLIES_MAX) {
      throw new Rejection(
          REPLIES_FULL,
          "",
          "the session has "
              + session.repliesKept()
              + " replies that it did not acknowledge, and at most "
              + Session.REPLIES_MAX
              + " are kept; acknowledge replies and send the write again");
    }
  }
}
