package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.codec.EntryCodec;
import io.quoll.statemachine.command.LogEntry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CommitNudgeTest {
  private static final Instant NOW = Instant.ofEpochMilli(1234);

  private final FakeProposalLog log = new FakeProposalLog();
  private final FakeTicker ticker = new FakeTicker();
  private final CommitFeed commits = new CommitFeed(() -> 2);
  private final CommitNudge nudge =
      new CommitNudge(log, commits, Clock.fixed(NOW, ZoneOffset.UTC), ticker);

  @Test
  void whoIsBehindIsSentTwoHeartbeatsAndThenAnEmptyEntry() {
    log.commit(5, "2", "3");

    lookAgain();
    assertThat(log.told()).containsExactly("2", "3");
    lookAgain();
    assertThat(log.told()).containsExactly("2", "3", "2", "3");
    assertThat(log.appended()).isEmpty();
    lookAgain();

    assertThat(log.told()).hasSize(4);
    assertThat(log.appended()).hasSize(1);
    LogEntry entry = EntryCodec.decode(ByteBuffer.wrap(log.appended().get(0)), 1);
    assertThat(entry.batches()).isEmpty();
    assertThat(entry.timeMillis()).isEqualTo(NOW.toEpochMilli());
    assertThat(nudge.isDue()).isFalse();
  }

  @Test
  void theSecondHeartbeatHasToWaitForItsTime() {
    log.commit(5, "2");
    nudge.perhaps(true);

    ticker.advance(Duration.ofNanos(nudge.delayNanos() - 1));
    nudge.perhaps(true);

    assertThat(log.told()).containsExactly("2");
    assertThat(nudge.isDue()).isTrue();
  }

  @Test
  void whoLearnedItByTheFirstHeartbeatIsLeftInPeace() {
    log.commit(5, "2");
    lookAgain();

    log.commit(5);
    lookAgain();
    lookAgain();

    assertThat(log.told()).containsExactly("2");
    assertThat(log.appended()).isEmpty();
    assertThat(nudge.isDue()).isFalse();
  }

  @Test
  void whoIsToldOtherwiseIsLeftInPeace() {
    commits.accept(2, new FakeCall());
    log.commit(5, "2", "3");
    lookAgain();

    assertThat(log.told()).containsExactly("3");
  }

  @Test
  void anEntryInFlightTellsTheNewsItself() {
    log.commit(5, "2");

    nudge.perhaps(false);

    assertThat(log.told()).isEmpty();
    assertThat(nudge.isDue()).isFalse();
  }

  @Test
  void theCommitOfTheEmptyEntryIsNoNews() {
    log.commit(5, "2");
    lookAgain();
    lookAgain();
    lookAgain();

    log.commit(6, "2");
    lookAgain();

    assertThat(log.told()).hasSize(2);
    assertThat(log.appended()).hasSize(1);
    assertThat(nudge.isDue()).isFalse();
  }

  @Test
  void whatIsCommittedAlongWithTheEmptyEntryIsNews() {
    log.commit(5, "2");
    lookAgain();
    lookAgain();
    lookAgain();

    log.commit(7, "2");
    lookAgain();

    assertThat(log.told()).hasSize(3);
  }

  @Test
  void everyCommitIsToldFromTheFirstHeartbeatOn() {
    log.commit(5, "2");
    lookAgain();
    lookAgain();

    log.commit(6, "2");
    nudge.perhaps(true);

    assertThat(log.told()).hasSize(3);
    assertThat(log.appended()).isEmpty();
  }

  private void lookAgain() {
    nudge.perhaps(true);
    ticker.advance(Duration.ofNanos(nudge.delayNanos()));
  }
}
