package io.quoll.server.consensus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.ExitCode;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.ZnodePath;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ProposerTest {
  private static final Origin ORIGIN = new Origin(1, 7);
  private static final int LEADER = 2;
  private static final int ANY_VERSION = -1;
  private static final Duration STALLED = Duration.ofSeconds(2);
  private static final Duration INSTANT = Duration.ofNanos(1);

  private final FakeProposalLog log = new FakeProposalLog();
  private final FakeTicker ticker = new FakeTicker();
  private final Outstanding outstanding = new Outstanding(ORIGIN);
  private final List<FakeLink> links = new ArrayList<>();
  private final List<ExitCode> halts = new CopyOnWriteArrayList<>();
  private final Proposer proposer =
      new Proposer(
          log,
          ORIGIN.serverId(),
          outstanding,
          new Inbox(() -> {}),
          this::open,
          new CommitNudge(log, new CommitFeed(() -> 2), Clock.systemUTC(), ticker),
          Clock.systemUTC(),
          ticker,
          (code, message, cause) -> halts.add(code));

  @Test
  void aLinkWithoutEffectForTwoSecondsIsDroppedAndItsBatchesAreSentOnAnother() {
    log.follow(LEADER);
    propose();
    proposer.step();

    ticker.advance(STALLED);
    proposer.step();
    assertThat(links).hasSize(1);
    assertThat(links.get(0).isBroken()).isFalse();
    ticker.advance(INSTANT);
    proposer.step();
    proposer.step();

    assertThat(links.get(0).isBroken()).isTrue();
    assertThat(links).hasSize(2);
    assertThat(links.get(1).sent).hasSize(1);
    assertThat(links.get(1).sent.get(0)).isEqualTo(links.get(0).sent.get(0));
  }

  @Test
  void aLinkIsKeptAsLongAsThereIsProgress() {
    log.follow(LEADER);
    propose();
    propose();
    proposer.step();

    ticker.advance(STALLED);
    AppliedEntries.tell(outstanding, ImmutableList.of(applied(1)));
    proposer.step();
    ticker.advance(STALLED);
    proposer.step();

    assertThat(links).hasSize(1);
    assertThat(links.get(0).isBroken()).isFalse();
  }

  @Test
  void aLinkThatHasNothingToDoIsKept() {
    log.follow(LEADER);
    propose();
    proposer.step();
    AppliedEntries.tell(outstanding, ImmutableList.of(applied(1)));

    for (int i = 0; i < 3; i++) {
      ticker.advance(STALLED.plus(INSTANT));
      proposer.step();
    }

    assertThat(links.get(0).isBroken()).isFalse();
  }

  @Test
  void aProposalIsBroughtAtOnceIfNothingIsUnderWay() {
    log.follow(LEADER);
    propose();

    proposer.bring();

    assertThat(links.get(0).sent).hasSize(1);
  }

  @Test
  void whatComesWhileSomethingIsUnderWayIsForTheThread() {
    log.follow(LEADER);
    propose();
    proposer.bring();

    propose();
    proposer.bring();

    assertThat(links.get(0).sent).hasSize(1);
    assertThat(proposer.step()).isTrue();
    assertThat(links.get(0).sent).hasSize(2);
  }

  @Test
  void aSmallEntryIsNotProposedBesideAnother() {
    log.lead();
    propose();
    proposer.bring();

    propose();
    propose();
    proposer.bring();
    proposer.step();
    assertThat(log.appended()).hasSize(1);
    log.applyNext();
    proposer.step();

    assertThat(log.appended()).hasSize(2);
    assertThat(outstanding.hasUnsent()).isFalse();
  }

  @Test
  void entriesThatAreWorthTheirCostAreProposedBesideOthersUpToTheLimit() {
    log.lead();
    propose();
    proposer.bring();

    for (int i = 0; i < Proposer.ENTRIES_IN_FLIGHT_MAX; i++) {
      propose(Proposer.FURTHER_ENTRY_BYTES);
      proposer.step();
    }

    assertThat(log.appended()).hasSize(Proposer.ENTRIES_IN_FLIGHT_MAX);
    assertThat(outstanding.hasUnsent()).isTrue();
  }

  @Test
  void aDefectInWhoeverBringsAProposalEndsTheProcess() {
    log.breakDown();

    proposer.bring();

    assertThat(halts).containsExactly(ExitCode.REPLICA_FAILED);
  }

  @Test
  void aDefectInTheThreadEndsTheProcess() {
    log.breakDown();

    proposer.start();

    await().atMost(10, SECONDS).until(() -> !halts.isEmpty());
    assertThat(halts).containsExactly(ExitCode.REPLICA_FAILED);
    proposer.close();
  }

  private LeaderLink open(int leaderId, Runnable onBroken) {
    FakeLink link = new FakeLink(leaderId);
    links.add(link);
    return link;
  }

  private void propose() {
    propose(new Barrier());
  }

  private void propose(int dataBytes) {
    propose(new SetData(ZnodePath.of("/a"), ByteString.copyFrom(new byte[dataBytes]), ANY_VERSION));
  }

  private void propose(Command command) {
    var unused =
        outstanding.add(new Proposal(Caller.ANONYMOUS, command), TestEnsemble.deadline(60)).reply();
  }

  private static EntryOutcome.Applied applied(long sequence) {
    return new EntryOutcome.Applied(ORIGIN, sequence, 5, new Result.Done(), ImmutableList.of());
  }

  /** A link that leads nowhere. */
  private static final class FakeLink implements LeaderLink {
    private final int leaderId;
    private final List<byte[]> sent = new ArrayList<>();
    private boolean closed;

    FakeLink(int leaderId) {
      this.leaderId = leaderId;
    }

    @Override
    public int leaderId() {
      return leaderId;
    }

    @Override
    public boolean isBroken() {
      return closed;
    }

    @Override
    public void send(byte[] batch) {
      sent.add(batch);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
