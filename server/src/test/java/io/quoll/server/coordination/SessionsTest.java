package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.store.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {
  private static final SessionTiming TIMING = SessionTiming.ofTick(Duration.ofSeconds(2));
  private static final ByteString OTHER_SECRET = ByteString.copyFrom(new byte[16]);
  private static final long LATER = System.nanoTime() + (1L << 40);
  private static final long TIMEOUT = 10_000;

  private final AtomicLong nanos = new AtomicLong();
  private final FakeStore store = new FakeStore();
  private final AppliedListeners listeners = new AppliedListeners();
  private final FakeConsensus consensus = new FakeConsensus(store, listeners);
  private final Sessions sessions = replica(10);
  private final Sessions other = replica(10);
  private final Ends ends = new Ends();

  /** A stream that notes why it ended. */
  private static final class Ends implements SessionHolder {
    private final List<RuntimeException> reasons = new ArrayList<>();

    @Override
    public void onEnd(RuntimeException reason) {
      reasons.add(reason);
    }

    @Override
    public int watches() {
      return 7;
    }

    private List<ErrorCode> codes() {
      return reasons.stream().map(reason -> ((Rejection) reason).code()).toList();
    }
  }

  private Sessions replica(int holdsMax) {
    Sessions replica = new Sessions(consensus, store, TIMING, nanos::get, holdsMax);
    listeners.add(replica);
    return replica;
  }

  @Test
  void anOpenedSessionHasItsIdItsSecretAndItsFirstEpoch() {
    SessionHold hold = opened();

    Session session = session(hold.sessionId());
    assertThat(hold.secret()).isEqualTo(session.secret()).hasSize(Session.SECRET_BYTES);
    assertThat(hold.epoch()).isEqualTo(1);
    assertThat(hold.zxid()).isEqualTo(hold.sessionId());
    assertThat(sessions.isHeld(hold.sessionId())).isTrue();
    assertThat(sessions.watches(hold.sessionId())).isEqualTo(7);
  }

  @Test
  void noTwoSessionsHaveOneSecret() {
    assertThat(opened().secret()).isNotEqualTo(opened().secret());
  }

  @Test
  void theTimeoutIsTakenIntoItsLimits() {
    assertThat(sessions.open(1, ends, LATER).join().timeoutMillis()).isEqualTo(4_000);
    assertThat(sessions.open(9_999, ends, LATER).join().timeoutMillis()).isEqualTo(9_999);
    assertThat(sessions.open(1 << 30, ends, LATER).join().timeoutMillis()).isEqualTo(40_000);
  }

  @Test
  void anAttachmentHasTheNextEpochAndTheTimeoutThatIsAskedFor() {
    SessionHold before = opened();

    SessionHold attached = attach(other, before, 5_000).join();

    assertThat(attached.epoch()).isEqualTo(2);
    assertThat(attached.timeoutMillis()).isEqualTo(5_000);
    assertThat(attached.zxid()).isEqualTo(before.zxid() + 1);
  }

  @Test
  void anAttachmentThatAsksForNoTimeoutLeavesWhatWasAgreed() {
    SessionHold before = opened();

    assertThat(attach(other, before, 0).join().timeoutMillis()).isEqualTo(TIMEOUT);
  }

  @Test
  void theFormerHolderOfAMovedSessionIsTold() {
    SessionHold before = opened();

    attach(other, before, 0).join();

    assertThat(ends.codes()).containsExactly(ErrorCode.SESSION_MOVED);
    assertThat(sessions.isHeld(before.sessionId())).isFalse();
    assertThat(other.isHeld(before.sessionId())).isTrue();
  }

  @Test
  void aSessionMayMoveToAnotherStreamOfTheSameServer() {
    SessionHold before = opened();
    Ends later = new Ends();

    SessionHold attached =
        sessions.attach(before.sessionId(), before.secret(), 0, before.zxid(), later, LATER).join();

    assertThat(ends.codes()).containsExactly(ErrorCode.SESSION_MOVED);
    assertThat(later.reasons).isEmpty();
    assertThat(sessions.holds()).containsExactly(attached);
  }

  @Test
  void aWrongSecretDisturbsNobody() {
    SessionHold hold = opened();

    CompletableFuture<SessionHold> attached =
        other.attach(hold.sessionId(), OTHER_SECRET, 0, 0, new Ends(), LATER);

    assertThat(codeOf(attached)).isEqualTo(ErrorCode.AUTH_FAILED);
    assertThat(ends.reasons).isEmpty();
    assertThat(sessions.isHeld(hold.sessionId())).isTrue();
    assertThat(session(hold.sessionId()).epoch()).isEqualTo(1);
  }

  @Test
  void aSecretOfAnotherLengthIsAWrongOne() {
    SessionHold hold = opened();

    assertThat(codeOf(other.attach(hold.sessionId(), ByteString.EMPTY, 0, 0, new Ends(), LATER)))
        .isEqualTo(ErrorCode.AUTH_FAILED);
  }

  @Test
  void aSessionThatIsGoneCannotBeAttached() {
    assertThat(codeOf(sessions.attach(99, OTHER_SECRET, 0, 0, ends, LATER)))
        .isEqualTo(ErrorCode.SESSION_EXPIRED);
  }

  @Test
  void aClientThatSawWhatTheEnsembleNeverHadIsRefused() {
    SessionHold hold = opened();

    CompletableFuture<SessionHold> attached =
        other.attach(hold.sessionId(), hold.secret(), 0, 1_000_000, new Ends(), LATER);

    assertThat(reasonOf(attached)).isEqualTo(Reason.BEHIND);
    assertThat(other.isHeld(hold.sessionId())).isFalse();
  }

  @Test
  void anAttachmentWhoseReplyComesAfterTheNextOneIsRefused() {
    SessionHold hold = opened();
    consensus.holdReplies();
    CompletableFuture<SessionHold> first = attach(sessions, hold, 0);
    CompletableFuture<SessionHold> second = attach(other, hold, 0);

    consensus.releaseReplies();

    assertThat(codeOf(first)).isEqualTo(ErrorCode.SESSION_MOVED);
    assertThat(second.join().epoch()).isEqualTo(3);
    assertThat(sessions.holds()).isEmpty();
  }

  @Test
  void anAttachmentWhoseReplyComesAfterTheEndOfTheSessionIsRefused() {
    SessionHold hold = opened();
    consensus.holdReplies();
    CompletableFuture<SessionHold> attached = attach(other, hold, 0);
    var unused = consensus.submit(Caller.ANONYMOUS, new CloseSession(hold.sessionId(), 2), LATER);

    consensus.releaseReplies();

    assertThat(codeOf(attached)).isEqualTo(ErrorCode.SESSION_EXPIRED);
    assertThat(other.holds()).isEmpty();
  }

  @Test
  void theHolderOfASessionThatEndedIsTold() {
    SessionHold hold = opened();

    var unused = other.end(hold.sessionId(), LATER).join();

    assertThat(ends.codes()).containsExactly(ErrorCode.SESSION_EXPIRED);
    assertThat(sessions.holds()).isEmpty();
  }

  @Test
  void whoClosesItsOwnSessionHearsTheReplyAndNoEnd() {
    SessionHold hold = opened();

    Result result = sessions.close(hold, LATER).join().result();

    assertThat(result).isEqualTo(new Result.SessionClosed(hold.sessionId(), 0));
    assertThat(ends.reasons).isEmpty();
    assertThat(sessions.holds()).isEmpty();
  }

  @Test
  void aCloseThatFailsLeavesTheSessionAsItWas() {
    SessionHold hold = opened();
    consensus.failWith(new UnavailableException(Reason.NO_QUORUM, null, "nobody"));

    assertThat(reasonOf(sessions.close(hold, LATER))).isEqualTo(Reason.NO_QUORUM);

    consensus.failWith(null);
    assertThat(sessions.isHeld(hold.sessionId())).isTrue();
    var unused = other.end(hold.sessionId(), LATER).join();
    assertThat(ends.codes()).containsExactly(ErrorCode.SESSION_EXPIRED);
  }

  @Test
  void onlyASessionThatIsThereCanBeEnded() {
    assertThat(codeOf(sessions.end(99, LATER))).isEqualTo(ErrorCode.SESSION_EXPIRED);
  }

  @Test
  void aReleasedSessionLivesOnAndCanBeAttached() {
    SessionHold hold = opened();

    sessions.release(hold);

    assertThat(sessions.holds()).isEmpty();
    assertThat(attach(other, hold, 0).join().epoch()).isEqualTo(2);
    assertThat(ends.reasons).isEmpty();
  }

  @Test
  void theReleaseOfAFormerAttachmentLeavesTheNewOne() {
    SessionHold before = opened();
    SessionHold attached = attach(sessions, before, 0).join();

    sessions.release(before);

    assertThat(sessions.holds()).containsExactly(attached);
  }

  @Test
  void aSessionWhoseClientLostInterestMeanwhileIsNotHeld() {
    consensus.holdReplies();
    CompletableFuture<SessionHold> opening = sessions.open(TIMEOUT, ends, LATER);
    opening.cancel(false);

    consensus.releaseReplies();

    assertThat(sessions.holds()).isEmpty();
  }

  @Test
  void aServerTakesNoMoreSessionsThanItsLimitAndOneAgainForEachThatLeaves() {
    Sessions small = replica(2);
    SessionHold first = small.open(TIMEOUT, ends, LATER).join();
    small.open(TIMEOUT, ends, LATER).join();

    assertThat(reasonOf(small.open(TIMEOUT, ends, LATER))).isEqualTo(Reason.OVERLOADED);

    small.release(first);
    assertThat(small.open(TIMEOUT, ends, LATER)).isCompleted();
  }

  @Test
  void afterASnapshotEachHolderIsComparedWithTheState(@TempDir Path directory) {
    SessionHold moved = opened();
    SessionHold gone = opened();
    SessionHold kept = opened();
    FakeStore ahead = new FakeStore();
    store.checkpoint(directory.resolve("before"));
    ahead.install(directory.resolve("before"));
    FakeConsensus elsewhere = new FakeConsensus(ahead, new AppliedListeners());
    Sessions there = new Sessions(elsewhere, ahead, TIMING);
    attach(there, moved, 0).join();
    there.end(gone.sessionId(), LATER).join();
    ahead.checkpoint(directory.resolve("after"));

    store.install(directory.resolve("after"));
    sessions.onRestored(store.publishedZxid());

    assertThat(ends.codes())
        .containsExactlyInAnyOrder(ErrorCode.SESSION_MOVED, ErrorCode.SESSION_EXPIRED);
    assertThat(sessions.holds()).containsExactly(kept);
  }

  @Test
  void aServerThatStopsTellsAllItsHoldersAndTakesNoMore() {
    SessionHold hold = opened();
    consensus.holdReplies();
    CompletableFuture<SessionHold> underWay = sessions.open(TIMEOUT, ends, LATER);

    sessions.close();
    consensus.releaseReplies();

    assertThat(((UnavailableException) ends.reasons.get(0)).reason()).isEqualTo(Reason.NOT_SERVING);
    assertThat(reasonOf(underWay)).isEqualTo(Reason.NOT_SERVING);
    assertThat(reasonOf(attach(sessions, hold, 0))).isEqualTo(Reason.NOT_SERVING);
    assertThat(session(hold.sessionId()).epoch()).isEqualTo(1);
  }

  private SessionHold opened() {
    return sessions.open(TIMEOUT, ends, LATER).join();
  }

  private static CompletableFuture<SessionHold> attach(
      Sessions replica, SessionHold hold, long timeoutMillis) {
    return replica.attach(
        hold.sessionId(), hold.secret(), timeoutMillis, hold.zxid(), new Ends(), LATER);
  }

  private Session session(long id) {
    try (StateStore.View view = store.view()) {
      return view.session(id).orElseThrow();
    }
  }

  private static ErrorCode codeOf(CompletableFuture<?> failed) {
    return ((Rejection) failureOf(failed)).code();
  }

  private static Reason reasonOf(CompletableFuture<?> failed) {
    return ((UnavailableException) failureOf(failed)).reason();
  }

  private static Throwable failureOf(CompletableFuture<?> failed) {
    assertThat(failed).isCompletedExceptionally();
    Throwable failure = failed.handle((done, thrown) -> thrown).join();
    return failure.getCause() == null ? failure : failure.getCause();
  }
}
