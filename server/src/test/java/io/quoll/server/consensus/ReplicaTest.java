package io.quoll.server.consensus;

import static io.quoll.server.consensus.TestEnsemble.createZnode;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.EntryCodec;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.ratis.RatisStateMachine;
import io.quoll.statemachine.ratis.ReplicaEvents;
import io.quoll.statemachine.ratis.SnapshotDirectory;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.InMemoryStore;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The adapter to Ratis alone: one replica, entries made by hand. */
@Timeout(60)
class ReplicaTest {
  @TempDir Path directory;
  private final StateStore store = new InMemoryStore();
  private final Events events = new Events();
  private RaftNode node;
  private Replica replica;

  @BeforeEach
  void start() throws Exception {
    ConsensusConfig.Peer self = new ConsensusConfig.Peer(1, "127.0.0.1", 0, false, "");
    ConsensusConfig config =
        new ConsensusConfig(
            1,
            "test",
            ImmutableList.of(self),
            directory,
            directory,
            "",
            "test",
            100_000,
            1 << 30,
            Duration.ofHours(1),
            100,
            1 << 20,
            Optional.empty());
    SnapshotDirectory snapshots = SnapshotDirectory.open(directory.resolve("snapshots"));
    node =
        RaftNode.build(
            config,
            config.configuredMembers(),
            new RatisStateMachine(store, snapshots, events, events),
            PeerService.introductionsOnly(who -> PeerMessages.Acquaintance.UNKNOWN));
    replica = node.start(store.position().index(), false);
    await().atMost(20, SECONDS).until(replica::isLeaderReady);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  // Ratis 3.3.0 loses a permit for each request that is refused when it is appended; with 4096 of
  // them gone it takes no more.
  @Test
  void aRefusedEntryCostsNoPermit() throws Exception {
    byte[] tooLarge = new byte[RatisStateMachine.ENTRY_BYTES_MAX + 1];
    long term = replica.term();

    for (int i = 0; i < 5000; i++) {
      assertThat(replica.append(tooLarge).handle((done, failure) -> failure).get(10, SECONDS))
          .isNotNull();
    }

    replica.append(entry(1, "/after")).get(10, SECONDS);
    assertThat(replica.term()).isEqualTo(term);
    assertThat(store.committed().contains(ZnodePath.of("/after"))).isTrue();
  }

  // An entry that is not ours, or is damaged, must stop this replica rather than be skipped.
  @Test
  void anEntryThatCannotBeReadStopsTheReplica() {
    var unused = replica.append(new byte[] {99, 1, 2, 3});

    await().atMost(10, SECONDS).until(() -> !events.failures.isEmpty());
    assertThat(events.failures.get(0)).contains("could not apply log entry");
  }

  @Test
  void anEntryThatIsAppendedTwiceIsAppliedOnce() throws Exception {
    replica.append(entry(1, "/once")).get(10, SECONDS);

    replica.append(entry(1, "/once")).get(10, SECONDS);

    assertThat(store.committed().zxid()).isEqualTo(1);
  }

  private static byte[] entry(long sequence, String path) {
    ByteString proposal = EntryCodec.encode(new Proposal(Caller.ANONYMOUS, createZnode(path)));
    ByteString batch =
        EntryCodec.encodeBatch(new Origin(1, 1), sequence, ImmutableList.of(proposal));
    return EntryCodec.encodeEntry(1, ImmutableList.of(batch)).toByteArray();
  }

  private static final class Events implements ReplicaEvents, AppliedListener {
    private final List<String> failures = new CopyOnWriteArrayList<>();

    @Override
    public void onAgreed(Position position) {}

    @Override
    public void onLeaderChanged(int leaderId) {}

    @Override
    public void onLeaderReady() {}

    @Override
    public void onNotLeader() {}

    @Override
    public void onMembers(Membership members, long index) {}

    @Override
    public CompletableFuture<Position> fetchSnapshot(int leaderId) {
      return CompletableFuture.failedFuture(new IllegalStateException("nobody to ask"));
    }

    @Override
    public void onFailure(String message, Throwable cause) {
      failures.add(message);
    }

    @Override
    public void onLogFailure(Throwable cause) {
      failures.add("log");
    }

    @Override
    public void onClosed() {}

    @Override
    public void onCommitted(EntryOutcome outcome) {}

    @Override
    public void onPublished(EntryOutcome outcome) {}

    @Override
    public void onRestored(long zxid) {}
  }
}
