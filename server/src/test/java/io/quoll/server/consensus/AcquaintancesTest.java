package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.quoll.server.consensus.PeerMessages.Acquaintance;
import io.quoll.server.consensus.PeerMessages.Introduction;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.Batch;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.RegisterServer;
import io.quoll.statemachine.store.InMemoryStore;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;
import org.junit.jupiter.api.Test;

class AcquaintancesTest {
  private static final int NEWCOMER = 3;
  private static final Introduction WIPED = new Introduction(NEWCOMER, "a new directory");

  private final StateStore store = new InMemoryStore();
  private final FakeRaft raft = new FakeRaft();
  private final Acquaintances acquaintances = new Acquaintances(raft, store);
  private long nextSequence = 1;

  /** A replica that follows server 1 in term 5. */
  private static final class FakeRaft implements Acquaintances.Raft {
    private boolean logEmpty;
    private int leaderId = 1;
    private Position logEndAtStart = Position.NONE;

    @Override
    public boolean isLogEmpty() {
      return logEmpty;
    }

    @Override
    public int leaderId() {
      return leaderId;
    }

    @Override
    public long term() {
      return 5;
    }

    @Override
    public Position logEndAtStart() {
      return logEndAtStart;
    }
  }

  @Test
  void aReplicaWhoseLogNeverHeldAnEntryKnowsOfNoEnsemble() {
    raft.logEmpty = true;
    raft.leaderId = 0;

    assertThat(acquaintances.answer(WIPED)).isEqualTo(Acquaintance.NOT_FORMED);
  }

  @Test
  void aServerIsKnownThatRegisteredAnotherDirectory() {
    register(NEWCOMER, "the lost directory", new Position(5, 8));

    assertThat(acquaintances.answer(WIPED)).isEqualTo(Acquaintance.KNOWN);
  }

  @Test
  void aServerThatComesAgainWithItsDirectoryIsNotTakenForAnother() {
    register(NEWCOMER, WIPED.directoryId(), new Position(5, 8));

    assertThat(acquaintances.answer(WIPED)).isEqualTo(Acquaintance.UNKNOWN);
  }

  @Test
  void aServerThatNeverRegisteredIsUnknown() {
    register(2, "another server's directory", new Position(5, 8));

    assertThat(acquaintances.answer(WIPED)).isEqualTo(Acquaintance.UNKNOWN);
  }

  @Test
  void aReplicaWithoutALeaderDoesNotAnswer() {
    register(2, "another server's directory", new Position(5, 8));
    raft.leaderId = 0;

    assertSilent();
  }

  @Test
  void aReplicaThatHasAppliedNothingOfTheLeadersTermDoesNotAnswer() {
    register(2, "another server's directory", new Position(4, 8));

    assertSilent();
  }

  // The registration may be in what the log holds and the store lost by the power cut.
  @Test
  void aRestartedReplicaDoesNotAnswerBeforeItHasAppliedWhatItsLogHeldEvenInTheSameTerm() {
    register(2, "another server's directory", new Position(5, 8));
    raft.logEndAtStart = new Position(5, 9);

    assertSilent();
    register(NEWCOMER, "the lost directory", new Position(5, 9));

    assertThat(acquaintances.answer(WIPED)).isEqualTo(Acquaintance.KNOWN);
  }

  @Test
  void aRestartedReplicaAnswersOnceALaterLeaderHasReplacedTheEndOfItsLog() {
    raft.logEndAtStart = new Position(4, 900);

    register(2, "another server's directory", new Position(5, 8));

    assertThat(acquaintances.answer(WIPED)).isEqualTo(Acquaintance.UNKNOWN);
  }

  private void assertSilent() {
    assertThatThrownBy(() -> acquaintances.answer(WIPED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has not caught up");
  }

  private void register(int serverId, String directoryId, Position position) {
    Proposal proposal =
        new Proposal(Caller.ANONYMOUS, new RegisterServer(serverId, directoryId, "127.0.0.1:0"));
    Batch batch = new Batch(new Origin(1, 1), nextSequence++, ImmutableList.of(proposal));
    LogEntry entry = new LogEntry(position.term(), 1000, ImmutableList.of(batch));
    EntryOutcome outcome =
        EntryOutcome.of(
            entry, store.committed(), ReplyCodec::encode, (origin, sequence, state) -> {});
    store.commit(outcome.transaction(), position);
    store.publish();
  }
}
