package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import io.quoll.server.consensus.Absence.Answer;
import io.quoll.statemachine.store.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Server 2 of an ensemble of which server 1 is the leader in term 5. */
class EarlyElectionTest {
  private static final int SELF = 2;
  private static final int LEADER = 1;
  private static final Position LOG_END = new Position(5, 100);
  private static final long SILENT = EarlyElection.SILENCE_MILLIS_MAX;

  private final FakeRaft raft = new FakeRaft();
  private final FakeTicker ticker = new FakeTicker();
  private final Map<Integer, Answer> answers = new HashMap<>();
  private final List<Integer> asked = new ArrayList<>();
  private Runnable onEnd = () -> {};
  private final LeaderPresence presence =
      new LeaderPresence(
          (leader, word, end) -> {
            onEnd = end;
            return () -> {};
          },
          () -> {});

  private static final class FakeRaft implements EarlyElection.Raft {
    private boolean follower = true;
    private int leaderId = LEADER;
    private long term = 5;
    private long silenceMillis;
    private int candidacies;

    @Override
    public boolean isFollower() {
      return follower;
    }

    @Override
    public int leaderId() {
      return leaderId;
    }

    @Override
    public long term() {
      return term;
    }

    @Override
    public Position logEnd() {
      return LOG_END;
    }

    @Override
    public long leaderSilenceMillis() {
      return silenceMillis;
    }

    @Override
    public boolean seekVotes() {
      candidacies++;
      return true;
    }
  }

  private EarlyElection ofServers(Integer... others) {
    return new EarlyElection(
        SELF, () -> ImmutableSet.copyOf(others), raft, this::ask, presence, ticker);
  }

  private CompletableFuture<Answer> ask(int voter, Absence absence) {
    asked.add(voter);
    Answer answer = answers.get(voter);
    return answer == null
        ? CompletableFuture.failedFuture(new IllegalStateException("unreachable"))
        : CompletableFuture.completedFuture(answer);
  }

  private void loseLeader(EarlyElection election) {
    long unused = election.look();
    onEnd.run();
    onEnd.run();
  }

  @Test
  void nobodyIsAskedWhileTheLeaderIsHeard() {
    EarlyElection election = ofServers(LEADER, 3);
    raft.silenceMillis = SILENT - 1;

    long delay = election.look();

    assertThat(asked).isEmpty();
    assertThat(raft.candidacies).isZero();
    assertThat(delay).isPositive();
  }

  @Test
  void votesAreSoughtWhenTheLeaderIsGoneAndTheOtherVoterAgrees() {
    EarlyElection election = ofServers(LEADER, 3);
    answers.put(3, Answer.AGREES);
    loseLeader(election);

    long unused = election.look();

    assertThat(raft.candidacies).isEqualTo(1);
    assertThat(asked).containsExactly(3);
  }

  @Test
  void votesAreSoughtWhenTheLeaderIsSilentAndTheOtherVoterAgrees() {
    EarlyElection election = ofServers(LEADER, 3);
    answers.put(3, Answer.AGREES);
    raft.silenceMillis = SILENT;

    long unused = election.look();

    assertThat(raft.candidacies).isEqualTo(1);
  }

  @Test
  void noVotesAreSoughtWhileAnotherVoterHearsTheLeader() {
    EarlyElection election = ofServers(LEADER, 3);
    answers.put(3, Answer.REFUSES);
    loseLeader(election);

    long unused = election.look();

    assertThat(asked).containsExactly(3);
    assertThat(raft.candidacies).isZero();
  }

  @Test
  void noVotesAreSoughtWithoutAMajority() {
    EarlyElection election = ofServers(LEADER, 3, 4, 5);
    answers.put(3, Answer.AGREES);
    loseLeader(election);

    long unused = election.look();

    assertThat(raft.candidacies).isZero();
  }

  @Test
  void noVotesAreSoughtWhileAnotherIsToGoBefore() {
    EarlyElection election = ofServers(LEADER, 3, 4, 5);
    answers.putAll(Map.of(3, Answer.AGREES, 4, Answer.AGREES, 5, Answer.PRECEDES));
    loseLeader(election);

    long unused = election.look();

    assertThat(raft.candidacies).isZero();
  }

  @Test
  void theOthersAreAskedAgainAndLessOften() {
    EarlyElection election = ofServers(LEADER, 3);
    loseLeader(election);

    long first = election.look();
    long second = election.look();

    assertThat(asked).containsExactly(3, 3);
    assertThat(second).isGreaterThan(first);
  }

  // What the leader said meanwhile may still lie unread.
  @Test
  void silenceSaysNothingAfterAPauseOfThisProcess() {
    EarlyElection election = ofServers(LEADER, 3);
    answers.put(3, Answer.AGREES);
    raft.silenceMillis = SILENT;
    ticker.advance(Duration.ofSeconds(2));

    long unused = election.look();

    assertThat(raft.candidacies).isZero();
    assertThat(election.answer(absence(3, 5, 100))).isEqualTo(Answer.REFUSES);
  }

  @Test
  void silenceCountsAgainWhenThePauseIsOver() {
    EarlyElection election = ofServers(LEADER, 3);
    answers.put(3, Answer.AGREES);
    raft.silenceMillis = SILENT;
    ticker.advance(Duration.ofSeconds(2));
    long unused = election.look();

    ticker.advance(Duration.ofMillis(300));
    long unusedToo = election.look();

    assertThat(raft.candidacies).isEqualTo(1);
  }

  @Test
  void whoHearsTheLeaderRefuses() {
    assertThat(ofServers(LEADER, 3).answer(absence(3, 5, 200))).isEqualTo(Answer.REFUSES);
  }

  @Test
  void whoMissesTheLeaderAgreesToALongerLog() {
    EarlyElection election = ofServers(LEADER, 3);
    loseLeader(election);

    assertThat(election.answer(absence(3, 5, 101))).isEqualTo(Answer.AGREES);
  }

  @Test
  void whoMissesTheLeaderPrecedesAShorterLog() {
    EarlyElection election = ofServers(LEADER, 3);
    loseLeader(election);

    assertThat(election.answer(absence(3, 5, 99))).isEqualTo(Answer.PRECEDES);
  }

  @Test
  void ofTwoWithTheSameLogTheLowerNumberPrecedes() {
    EarlyElection election = ofServers(LEADER, 3, 4);
    loseLeader(election);

    assertThat(election.answer(absence(3, 5, 100))).isEqualTo(Answer.PRECEDES);
    assertThat(new Absence(3, LEADER, 5, LOG_END).precedes(absence(SELF, 5, 100))).isFalse();
  }

  @Test
  void whoKnowsAnotherTermOrLeaderRefuses() {
    EarlyElection election = ofServers(LEADER, 3);
    loseLeader(election);

    assertThat(election.answer(absence(3, 4, 200))).isEqualTo(Answer.REFUSES);
    assertThat(election.answer(new Absence(3, 4, 5, new Position(5, 200))))
        .isEqualTo(Answer.REFUSES);
  }

  @Test
  void whoSeeksVotesAlreadyRefuses() {
    EarlyElection election = ofServers(LEADER, 3);
    raft.follower = false;
    raft.leaderId = 0;

    assertThat(election.answer(absence(3, 5, 200))).isEqualTo(Answer.REFUSES);
  }

  private static Absence absence(int serverId, long logTerm, long logIndex) {
    return new Absence(serverId, LEADER, logTerm, new Position(logTerm, logIndex));
  }
}
