package io.quoll.server.coordination;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.server.coordination.TouchReport.Touch;
import io.quoll.server.coordination.UnavailableException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TouchReporterTest {
  private static final SessionTiming TIMING = SessionTiming.ofTick(Duration.ofSeconds(2));
  private static final long INTERVAL = TIMING.interval().toMillis();
  private static final long LATER = System.nanoTime() + (1L << 40);

  private final AtomicLong nanos = new AtomicLong();
  private final FakeStore store = new FakeStore();
  private final AppliedListeners listeners = new AppliedListeners();
  private final FakeConsensus consensus = new FakeConsensus(store, listeners);
  private final Sessions sessions = new Sessions(consensus, store, TIMING, nanos::get, 100);
  private final TouchReporter reporter = new TouchReporter(sessions, consensus, TIMING, nanos::get);
  private final List<RuntimeException> ends = new ArrayList<>();

  @Test
  void aReportTellsOfTheTouchesSinceTheLastAndHowOldTheyAre() {
    SessionHold touched = open();
    open();
    reporter.report();

    pass(100);
    touched.touch();
    pass(50);
    reporter.report();

    assertThat(lastReport()).containsExactly(new Touch(touched.sessionId(), 1, 50));
  }

  @Test
  void withoutTouchesAnEmptyReportSaysThatTheReplicaLives() {
    open();
    reporter.report();

    pass(100);
    reporter.report();

    assertThat(consensus.reports()).hasSize(2);
    assertThat(lastReport()).isEmpty();
  }

  @Test
  void whatAFailedReportHasToldIsToldByTheNext() {
    SessionHold hold = open();
    reporter.report();
    hold.touch();
    pass(100);
    hold.touch();
    consensus.setReportsFail(true);
    reporter.report();

    consensus.setReportsFail(false);
    pass(100);
    reporter.report();

    assertThat(lastReport()).containsExactly(new Touch(hold.sessionId(), 1, 100));
  }

  @Test
  void aLeaderOfAnotherTermIsToldOfAllSessions() {
    SessionHold hold = open();
    reporter.report();
    pass(100);

    consensus.become(Consensus.Role.FOLLOWER, 8);
    reporter.report();

    assertThat(lastReport()).containsExactly(new Touch(hold.sessionId(), 1, 100));
  }

  @Test
  void aTouchOfASessionThatIsNotAttachedHereIsToldOnce() {
    sessions.touch(77);
    pass(30);

    reporter.report();
    assertThat(lastReport()).containsExactly(new Touch(77, 0, 30));

    reporter.report();
    assertThat(lastReport()).isEmpty();
  }

  @Test
  void aTouchThatComesWhileTheReportIsUnderWayIsToldByTheNext() {
    SessionHold hold = open();
    reporter.report();
    hold.touch();
    pass(10);
    hold.touch();
    consensus.setTouchReceiver(
        report -> {
          pass(10);
          hold.touch();
          return 7;
        });
    reporter.report();

    pass(5);
    reporter.report();

    assertThat(lastReport()).containsExactly(new Touch(hold.sessionId(), 1, 5));
  }

  @Test
  void aReplicaThatTheLeaderDoesNotHearEndsItsSessionsWellBeforeTheirTimeout() {
    SessionHold hold = open();
    reporter.report();
    consensus.setReportsFail(true);

    report(2_000);
    assertThat(ends).isEmpty();
    report(2 * INTERVAL);

    assertThat(ends)
        .singleElement()
        .isInstanceOfSatisfying(
            UnavailableException.class,
            reason -> assertThat(reason.reason()).isEqualTo(Reason.NO_QUORUM));
    assertThat(sessions.isHeld(hold.sessionId())).isFalse();
  }

  @Test
  void aReplicaThatSleptIsHeardBeforeItGivesItsSessionsUp() {
    open();
    reporter.report();

    pass(60_000);
    reporter.report();

    assertThat(ends).isEmpty();
  }

  @Test
  void aSessionThatWasAttachedWhileReportsFailedIsGivenItsTime() {
    reporter.report();
    consensus.setReportsFail(true);
    report(5_000);

    open();
    report(2_000);
    assertThat(ends).isEmpty();

    report(2 * INTERVAL);
    assertThat(ends).hasSize(1);
  }

  @Test
  void aSessionWithAShortTimeoutLeavesAfterHalfOfIt() {
    SessionTiming brief = SessionTiming.ofTick(Duration.ofMillis(200));

    assertThat(brief.silenceMax(400)).isEqualTo(Duration.ofMillis(200));
    assertThat(brief.silenceMax(4_000)).isEqualTo(Duration.ofSeconds(1));
    assertThat(TIMING.silenceMax(40_000)).isEqualTo(Duration.ofSeconds(2));
  }

  private SessionHold open() {
    return sessions.open(10_000, ends::add, LATER).join();
  }

  private List<Touch> lastReport() {
    List<TouchReport> reports = consensus.reports();
    return reports.get(reports.size() - 1).touches();
  }

  private void pass(long millis) {
    nanos.addAndGet(MILLISECONDS.toNanos(millis));
  }

  /** Lets time pass with a report in each interval. */
  private void report(long millis) {
    for (long left = millis; left > 0; left -= INTERVAL) {
      pass(Math.min(left, INTERVAL));
      reporter.report();
    }
  }
}
