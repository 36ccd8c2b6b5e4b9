package io.quoll.server.coordination;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.TouchReport.Touch;
import io.quoll.statemachine.command.AttachSession;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.store.StateStore;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionExpirerTest {
  private static final long TICK = 800;
  private static final SessionTiming TIMING = SessionTiming.ofTick(Duration.ofMillis(TICK));
  private static final long INTERVAL = TIMING.interval().toMillis();
  private static final long TIMEOUT = 4_000;
  private static final ByteString SECRET = ByteString.copyFrom(new byte[16]);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final FakeStore store = new FakeStore();
  private final AppliedListeners listeners = new AppliedListeners();
  private final FakeConsensus consensus = new FakeConsensus(store, listeners);
  private final SessionExpirer expirer = new SessionExpirer(consensus, store, TIMING, nanos::get);

  @BeforeEach
  void listen() {
    listeners.add(expirer);
  }

  @Test
  void aSilentSessionIsClosedWithinATickAfterItsTimeout() {
    lead(3);
    long session = open();

    pass(TIMEOUT);
    assertThat(isThere(session)).isTrue();

    pass(TICK);
    assertThat(isThere(session)).isFalse();
  }

  @Test
  void aTouchedSessionIsNeverClosed() {
    lead(3);
    long session = open();

    for (int i = 0; i < 20; i++) {
      pass(TIMEOUT - INTERVAL);
      touch(session, 1, 0);
    }

    assertThat(isThere(session)).isTrue();
  }

  @Test
  void theTimeoutCountsFromTheTouchAndNotFromItsReport() {
    lead(3);
    long session = open();
    pass(TIMEOUT - 500);

    touch(session, 1, 1_000);
    pass(TIMEOUT - 1_000);
    assertThat(isThere(session)).isTrue();

    pass(TICK);
    assertThat(isThere(session)).isFalse();
  }

  @Test
  void aTouchThatIsReportedAfterTheTimeoutButHappenedInTimeSavesTheSession() {
    lead(3);
    long session = open();
    pass(TIMEOUT + 2 * INTERVAL);

    touch(session, 1, 3 * INTERVAL);
    pass(TICK);

    assertThat(isThere(session)).isTrue();
  }

  @Test
  void anOldTouchTakesNothingFromAYoungerOne() {
    lead(3);
    long session = open();
    pass(2_000);

    touch(session, 1, 0);
    touch(session, 1, 2_000);
    pass(TIMEOUT);

    assertThat(isThere(session)).isTrue();
  }

  @Test
  void aTouchOfAFormerEpochDoesNotCount() {
    lead(3);
    long session = open();
    submit(new AttachSession(session, SECRET, 0));

    pass(TIMEOUT - INTERVAL);
    touch(session, 1, 0);
    pass(TICK + INTERVAL);

    assertThat(isThere(session)).isFalse();
  }

  @Test
  void aTouchByWhoeverShowsTheSecretCountsInAnyEpoch() {
    lead(3);
    long session = open();
    submit(new AttachSession(session, SECRET, 0));

    pass(TIMEOUT - INTERVAL);
    touch(session, 0, 0);
    pass(TICK + INTERVAL);

    assertThat(isThere(session)).isTrue();
  }

  @Test
  void anAttachmentIsASignOfLifeAndAgreesOnATimeoutAnew() {
    lead(3);
    long session = open();
    pass(TIMEOUT - INTERVAL);

    submit(new AttachSession(session, SECRET, 2 * TIMEOUT));

    pass(2 * TIMEOUT);
    assertThat(isThere(session)).isTrue();
    pass(TICK);
    assertThat(isThere(session)).isFalse();
  }

  @Test
  void aNewLeaderGrantsAFullTimeout() {
    long session = open();
    pass(TIMEOUT - INTERVAL);

    lead(3);
    pass(TIMEOUT);
    assertThat(isThere(session)).isTrue();

    pass(TICK);
    assertThat(isThere(session)).isFalse();
  }

  @Test
  void aLeaderThatLedBeforeGrantsAFullTimeoutTooAndNotWhatWasLeft() {
    lead(3);
    long session = open();
    pass(TIMEOUT - INTERVAL);
    consensus.become(Role.FOLLOWER, 4);
    pass(INTERVAL);

    lead(5);
    pass(TIMEOUT);

    assertThat(isThere(session)).isTrue();
  }

  @Test
  void whoDoesNotLeadClosesNothing() {
    long session = open();

    pass(5 * TIMEOUT);

    assertThat(isThere(session)).isTrue();
  }

  @Test
  void whatADeposedLeaderDecidedDoesNothing() {
    lead(3);
    long session = open();
    pass(TIMEOUT);
    consensus.delaySubmissions();
    pass(TICK);
    assertThat(consensus.commands()).last().isInstanceOf(CloseSession.class);

    consensus.become(Role.FOLLOWER, 4);
    consensus.submitDelayed();

    assertThat(isThere(session)).isTrue();
  }

  @Test
  void aSessionThatCameBackWhileItsEndWasUnderWayLives() {
    lead(3);
    long session = open();
    pass(TIMEOUT);
    consensus.delaySubmissions();
    pass(TICK);
    consensus.endDelay();
    submit(new AttachSession(session, SECRET, 0));

    consensus.submitDelayed();
    pass(TIMEOUT);

    assertThat(isThere(session)).isTrue();
  }

  @Test
  void anEndThatIsUnderWayIsNotProposedAgain() {
    lead(3);
    open();
    consensus.fallSilent();

    pass(TIMEOUT + 3 * TICK);

    assertThat(consensus.commands()).filteredOn(CloseSession.class::isInstance).hasSize(1);
  }

  @Test
  void anEndThatFailedIsProposedAgain() {
    lead(3);
    long session = open();
    consensus.failWith(new IllegalStateException("no majority"));
    pass(TIMEOUT + TICK);
    assertThat(isThere(session)).isTrue();

    consensus.failWith(null);
    pass(INTERVAL);

    assertThat(isThere(session)).isFalse();
  }

  @Test
  void aStallOfTheLeaderExtendsEverySession() {
    lead(3);
    long session = open();
    pass(TIMEOUT - INTERVAL);

    stall(10 * TIMEOUT);
    expirer.check();
    pass(INTERVAL);
    assertThat(isThere(session)).isTrue();

    pass(TICK + INTERVAL);
    assertThat(isThere(session)).isFalse();
  }

  @Test
  void aReportThatIsReadBeforeTheStallIsNoticedExtendsNothingTwice() {
    lead(3);
    long session = open();

    stall(10 * TIMEOUT);
    touch(session, 1, 0);
    pass(TIMEOUT);
    assertThat(isThere(session)).isTrue();

    pass(TICK);
    assertThat(isThere(session)).isFalse();
  }

  @Test
  void whileNoMajorityAnswersNoTimePasses() {
    lead(3);
    long session = open();
    pass(TIMEOUT - 2 * INTERVAL);

    consensus.setQuorum(false);
    pass(5 * TIMEOUT);
    consensus.setQuorum(true);
    pass(2 * INTERVAL);

    assertThat(isThere(session)).isTrue();
    pass(TICK + INTERVAL);
    assertThat(isThere(session)).isFalse();
  }

  @Test
  void reportsAreTakenByALeaderWithAMajorityOnly() {
    TouchReport report = new TouchReport(ImmutableList.of());
    assertThatThrownBy(() -> expirer.onTouches(report)).isInstanceOf(UnavailableException.class);

    consensus.become(Role.LEADER, 3);
    assertThat(expirer.onTouches(report)).isEqualTo(3);

    consensus.setQuorum(false);
    assertThatThrownBy(() -> expirer.onTouches(report)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void theOnlyServerOfItsEnsembleLeads() {
    consensus.become(Role.STANDALONE, 1);
    expirer.check();
    long session = open();

    pass(TIMEOUT + TICK);

    assertThat(isThere(session)).isFalse();
  }

  @Test
  void aSessionThatIsClosedByItsClientIsForgotten() {
    lead(3);
    long session = open();
    submit(new CloseSession(session, 1));

    pass(TIMEOUT + 2 * TICK);

    assertThat(consensus.commands()).filteredOn(CloseSession.class::isInstance).hasSize(1);
  }

  // The time of all that decides on silence comes from one supplier, which nobody can set; so a
  // step of the wall clock, forward or back, has nothing that it could change.
  @Test
  void nothingThatDecidesOnSilenceKnowsTheWallClock() {
    for (Class<?> type :
        new Class<?>[] {
          SessionExpirer.class, LeaderTime.class, TouchReporter.class, SessionHold.class
        }) {
      assertThat(
              Arrays.stream(type.getDeclaredFields())
                  .filter(field -> !Modifier.isStatic(field.getModifiers()))
                  .map(field -> field.getType().getName()))
          .noneMatch(name -> name.startsWith("java.time.") && !name.endsWith("Duration"));
    }
  }

  @Test
  void theTimeInTheLogHasNoSayInWhetherASessionIsSilent() {
    lead(3);
    long session = open();
    pass(TIMEOUT / 2);

    consensus.stepWallClock(Duration.ofDays(300));
    submit(new OpenSession(SECRET, TIMEOUT));
    pass(TIMEOUT / 2);
    assertThat(isThere(session)).isTrue();

    consensus.stepWallClock(Duration.ofDays(-600));
    pass(TICK);
    assertThat(isThere(session)).isFalse();
  }

  private void lead(long term) {
    consensus.become(Role.LEADER, term);
    expirer.check();
  }

  private long open() {
    return ((Result.SessionOpened) submit(new OpenSession(SECRET, TIMEOUT))).sessionId();
  }

  private Result submit(Command command) {
    return consensus.submit(Caller.ANONYMOUS, command, 0).join().result();
  }

  private void touch(long session, long epoch, long ageMillis) {
    expirer.onTouches(new TouchReport(ImmutableList.of(new Touch(session, epoch, ageMillis))));
  }

  /** Lets time pass as it does when all is well: looked at once in each interval. */
  private void pass(long millis) {
    for (long left = millis; left > 0; left -= INTERVAL) {
      nanos.addAndGet(MILLISECONDS.toNanos(Math.min(left, INTERVAL)));
      expirer.check();
    }
  }

  /** Lets time pass without anything being looked at. */
  private void stall(long millis) {
    nanos.addAndGet(MILLISECONDS.toNanos(millis));
  }

  private boolean isThere(long sessionId) {
    try (StateStore.View view = store.view()) {
      return view.session(sessionId).map(Session::id).isPresent();
    }
  }
}
