package io.quoll.server.consensus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.ExitCode;
import io.quoll.statemachine.ratis.SnapshotDirectory;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.RocksConfig;
import io.quoll.statemachine.store.RocksStore;
import io.quoll.statemachine.store.StateStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.ratis.thirdparty.io.grpc.Server;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A follower that asks a leader, which serves nothing but its newest snapshot. */
@Timeout(60)
class SnapshotFetcherTest {
  private static final int LEADER = 1;

  @TempDir Path directory;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final List<Runnable> untilTakenOver = new ArrayList<>();
  private final List<ExitCode> halts = new ArrayList<>();
  private StateStore leaderStore;
  private SnapshotDirectory leaderSnapshots;
  private StateStore store;
  private SnapshotDirectory snapshots;
  private Server leader;
  private PeerChannels channels;
  private SnapshotFetcher fetcher;

  @BeforeEach
  void start() throws IOException {
    leaderStore = openStore("leader");
    leaderSnapshots = SnapshotDirectory.open(directory.resolve("leader-snapshots"));
    store = openStore("follower");
    snapshots = SnapshotDirectory.open(directory.resolve("follower-snapshots"));
    leader =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(snapshotService())
            .build()
            .start();
    channels = new PeerChannels(config(leader.getPort()));
    fetcher =
        new SnapshotFetcher(
            channels, snapshots, store, this::after, (code, message, cause) -> halts.add(code));
  }

  @AfterEach
  void stop() {
    channels.close();
    leader.shutdownNow();
    workers.shutdownNow();
    leaderStore.close();
    store.close();
  }

  @Test
  void aSnapshotBeyondThisReplicaIsFetchedAndWaitsToBeTakenOver() throws Exception {
    leaderTakesSnapshotAt(new Position(3, 20));
    moveTo(store, new Position(2, 10));

    Position fetched = fetcher.fetch(LEADER).get(30, SECONDS);

    assertThat(fetched).isEqualTo(new Position(3, 20));
    snapshots.takeOverReceived(store, unpublished -> {});
    assertThat(store.position()).isEqualTo(new Position(3, 20));
  }

  @Test
  void aSnapshotThatIsNotBeyondThisReplicaIsRefused() {
    leaderTakesSnapshotAt(new Position(3, 20));
    moveTo(store, new Position(3, 20));

    CompletableFuture<Position> fetched = fetcher.fetch(LEADER);

    assertThatThrownBy(() -> fetched.get(30, SECONDS))
        .hasMessageContaining("is older than this replica");
    assertThat(snapshots.received()).isEmpty();
    assertThat(untilTakenOver).isEmpty();
  }

  @Test
  void aLeaderWithoutASnapshotFailsTheFetchAndNothingElse() {
    CompletableFuture<Position> fetched = fetcher.fetch(LEADER);

    assertThatThrownBy(() -> fetched.get(30, SECONDS)).hasMessageContaining("no snapshot yet");
    assertThat(snapshots.received()).isEmpty();
    assertThat(halts).isEmpty();
  }

  @Test
  void aFetchedSnapshotThatRatisForgetsEndsTheProcessWhichTakesItOverAtItsNextStart()
      throws Exception {
    leaderTakesSnapshotAt(new Position(3, 20));
    var unused = fetcher.fetch(LEADER).get(30, SECONDS);

    untilTakenOver.forEach(Runnable::run);

    assertThat(halts).containsExactly(ExitCode.REPLICA_FAILED);
    assertThat(snapshots.received()).isPresent();
  }

  @Test
  void aFetchedSnapshotThatIsTakenOverInTimeEndsNothing() throws Exception {
    leaderTakesSnapshotAt(new Position(3, 20));
    var unused = fetcher.fetch(LEADER).get(30, SECONDS);

    snapshots.takeOverReceived(store, unpublished -> {});
    untilTakenOver.forEach(Runnable::run);

    assertThat(untilTakenOver).hasSize(1);
    assertThat(halts).isEmpty();
  }

  /** The fetch begins at once; what comes after the time to take over waits for the test. */
  private Executor after(Duration delay) {
    return delay.equals(SnapshotFetcher.TAKE_OVER_MAX) ? untilTakenOver::add : workers;
  }

  private ServerServiceDefinition snapshotService() {
    return ServerServiceDefinition.builder(PeerProtocol.SERVICE)
        .addMethod(
            PeerProtocol.FETCH_SNAPSHOT,
            ServerCalls.asyncServerStreamingCall(
                (request, replies) ->
                    SnapshotSender.start(
                        leaderSnapshots, (ServerCallStreamObserver<byte[]>) replies, workers)))
        .build();
  }

  private void leaderTakesSnapshotAt(Position position) {
    moveTo(leaderStore, position);
    leaderSnapshots.take(leaderStore);
  }

  private static void moveTo(StateStore store, Position position) {
    StateTransaction nothing =
        new StateTransaction(
            store.committed(), store.committed().zxid(), store.committed().timeMillis());
    store.commit(nothing, position);
  }

  private StateStore openStore(String name) {
    return RocksStore.open(directory.resolve(name), RocksConfig.DEFAULT);
  }

  private ConsensusConfig config(int leaderPort) {
    return new ConsensusConfig(
        2,
        "test",
        ImmutableList.of(new ConsensusConfig.Peer(LEADER, "127.0.0.1", leaderPort, false, "")),
        directory,
        directory,
        "",
        "test",
        1,
        1,
        Duration.ofHours(1),
        1,
        1,
        Optional.empty());
  }
}
