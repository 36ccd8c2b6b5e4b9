package io.quoll.server.consensus;

import static io.quoll.server.consensus.TestEnsemble.createZnode;
import static io.quoll.server.consensus.TestEnsemble.deadline;
import static io.quoll.server.consensus.TestEnsemble.setData;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.StateStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RatisConsensusTest {
  private static final long STILL_SECONDS = 4;

  @TempDir Path directory;
  private TestEnsemble ensemble;

  @BeforeEach
  void start() throws Exception {
    ensemble = TestEnsemble.start(directory, 3);
  }

  @AfterEach
  void stop() {
    ensemble.close();
  }

  @Test
  void aWriteAtAnyNodeIsSeenThereWhenItIsAnsweredAndEverywhereSoon() throws Exception {
    for (int id = 1; id <= 3; id++) {
      Reply reply = ensemble.submit(id, createZnode("/node" + id));

      StateStore store = ensemble.node(id).store();
      assertThat(store.publishedZxid()).isGreaterThanOrEqualTo(reply.zxid());
      try (StateStore.View view = store.view()) {
        assertThat(view.contains(ZnodePath.of("/node" + id))).isTrue();
      }
    }
    ensemble.awaitSameTree();
  }

  @Test
  void pipelinedWritesOfOneNodeAreAppliedInTheirOrder() throws Exception {
    int follower = ensemble.follower();
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      replies.add(submitSequential(follower));
    }

    for (int i = 0; i < 500; i++) {
      assertThat(replies.get(i).get(30, SECONDS).result())
          .isInstanceOfSatisfying(
              Result.Created.class, created -> assertThat(created.stat().czxid()).isPositive());
    }
    List<Long> zxids = replies.stream().map(reply -> reply.join().zxid()).toList();
    assertThat(zxids).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void writesThatWereUnderWayWhenTheLeaderWasCutOffAreAppliedOnceAndInOrder() throws Exception {
    ensemble.submit(1, createZnode("/once"));
    int old = ensemble.leader();
    int other = ensemble.follower();
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      replies.add(submitSequential(old));
      replies.add(submitSequential(other));
      if (i == 100) {
        ensemble.cutOff(old);
      }
    }
    await().atMost(30, SECONDS).until(() -> ensemble.leader() != old);
    ensemble.heal();

    for (CompletableFuture<Reply> reply : replies) {
      assertThat(reply.get(60, SECONDS).result()).isInstanceOf(Result.Created.class);
    }
    ensemble.awaitSameTree();
    try (StateStore.View view = ensemble.node(other).store().view()) {
      assertThat(view.require(ZnodePath.ROOT).childrenCreated()).isEqualTo(601);
    }
  }

  // A strict read of Ratis 3.3.0 itself fails this: it skips the heartbeat when nothing was
  // committed since the last one.
  @Test
  void aBarrierAtACutOffLeaderNeverPassesBeforeWhatTheOthersAcknowledged() throws Exception {
    ensemble.submit(1, createZnode("/register"));
    int old = ensemble.leader();
    int other = ensemble.follower();
    ensemble.node(old).consensus().barrier(deadline(10)).get(10, SECONDS);
    ensemble.cutOff(old);
    List<CompletableFuture<Void>> checks = new ArrayList<>();

    for (int i = 0; i < 20; i++) {
      long acknowledged = ensemble.submit(other, setData("/register", "v" + i)).zxid();
      StateStore store = ensemble.node(old).store();
      checks.add(
          ensemble
              .node(old)
              .consensus()
              .barrier(deadline(60))
              .thenRun(
                  () -> assertThat(store.publishedZxid()).isGreaterThanOrEqualTo(acknowledged)));
    }
    assertThat(checks).noneMatch(CompletableFuture::isDone);
    ensemble.heal();

    for (CompletableFuture<Void> check : checks) {
      check.get(60, SECONDS);
    }
  }

  // Ratis 3.3.0 itself looks for a lost majority only while no request comes in.
  @Test
  void aBusyLeaderThatIsCutOffStopsServing() throws Exception {
    int old = ensemble.leader();
    AtomicBoolean busy = new AtomicBoolean(true);
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              while (busy.get()) {
                submitSequential(old)
                    .orTimeout(50, MILLISECONDS)
                    .handle((reply, failure) -> 0)
                    .join();
              }
            });

    ensemble.cutOff(old);

    await().atMost(20, SECONDS).until(() -> !ensemble.node(old).consensus().hasQuorum());
    await()
        .atMost(20, SECONDS)
        .until(() -> ensemble.node(old).consensus().standing().role() != Role.LEADER);
    busy.set(false);
    load.get(10, SECONDS);
  }

  // Ratis makes a leader step down that is given more than it takes.
  @Test
  void aWriteThatIsTooLargeIsRejectedAndTheLeaderStaysTheLeader() throws Exception {
    ensemble.submit(1, createZnode("/large"));
    int leader = ensemble.leader();
    long term = ensemble.node(leader).consensus().standing().term();

    for (int id = 1; id <= 3; id++) {
      int node = id;
      assertThatThrownBy(() -> ensemble.submit(node, setData("/large", "x".repeat(5 << 20))))
          .hasCauseInstanceOf(Rejection.class)
          .hasMessageContaining("at most");
    }

    ensemble.submit(leader, setData("/large", "small"));
    assertThat(ensemble.node(leader).consensus().standing().role()).isEqualTo(Role.LEADER);
    assertThat(ensemble.node(leader).consensus().standing().term()).isEqualTo(term);
  }

  @Test
  void aNodeThatWasStoppedCatchesUp() throws Exception {
    int stopped = ensemble.follower();
    ensemble.stopNode(stopped);
    int leader = ensemble.leader();
    for (int i = 0; i < 50; i++) {
      ensemble.submit(leader, createZnode("/while-away-" + i));
    }

    ensemble.startNode(stopped);

    ensemble.awaitSameTree();
  }

  @Test
  void aStoppedLeaderHandsOverAndTheOthersGoOn() throws Exception {
    int old = ensemble.leader();

    ensemble.stopNode(old);

    int next = ensemble.leader();
    assertThat(next).isNotEqualTo(old);
    ensemble.submit(next, createZnode("/after"));
  }

  @Test
  void aNodeWhoseOwnLineWasChangedIsRefusedAndTheOldLineStillServes() throws Exception {
    int stopped = ensemble.follower();
    ensemble.stopNode(stopped);
    Peer line = ensemble.config(stopped).self();
    Peer moved = new Peer(stopped, "127.0.0.2", line.port(), false, "");

    assertThatThrownBy(() -> ensemble.startNode(ensemble.configWith(stopped, moved)))
        .rootCause()
        .isInstanceOfSatisfying(
            StartupException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION))
        .hasMessageContaining("127.0.0.2:" + line.port())
        .hasMessageContaining("the other members know this server at 127.0.0.1:" + line.port());

    ensemble.startNode(stopped);
    ensemble.submit(stopped, createZnode("/after"));
  }

  @Test
  void theLinesOfOthersDoNotCountOnceTheEnsembleIsFormed() throws Exception {
    int stopped = ensemble.follower();
    ensemble.stopNode(stopped);
    Peer wrong = new Peer(ensemble.leader(), "192.0.2.7", 7281, false, "");

    ensemble.startNode(ensemble.configWith(stopped, wrong));

    ensemble.submit(stopped, createZnode("/after"));
  }

  @Test
  void aReplicaThatDoesNotComeToApplyIsNotAliveUntilItDoes() throws Exception {
    int stuck = ensemble.follower();
    CountDownLatch release = new CountDownLatch(1);
    ensemble.node(stuck).listeners().add(new Keeper(release));

    ensemble.submit(ensemble.leader(), createZnode("/kept"));

    await().atMost(60, SECONDS).until(() -> silenceSeconds(stuck) >= STILL_SECONDS);
    release.countDown();
    await().atMost(60, SECONDS).until(() -> silenceSeconds(stuck) < STILL_SECONDS);
  }

  private long silenceSeconds(int id) {
    long lastAliveNanos = ensemble.node(id).consensus().lastAliveNanos();
    return NANOSECONDS.toSeconds(System.nanoTime() - lastAliveNanos);
  }

  /** Keeps the thread that applies. */
  private record Keeper(CountDownLatch release) implements AppliedListener {
    @Override
    public void onCommitted(EntryOutcome outcome) {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onPublished(EntryOutcome outcome) {}

    @Override
    public void onRestored(long zxid) {}
  }

  private CompletableFuture<Reply> submitSequential(int id) {
    return ensemble
        .node(id)
        .consensus()
        .submit(Caller.ANONYMOUS, Create.at("/s-", true, null, Acl.OPEN), deadline(60));
  }
}
