package io.quoll.server.consensus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.AppliedListeners;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.tls.PortTls;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.RocksConfig;
import io.quoll.statemachine.store.RocksStore;
import io.quoll.statemachine.store.StateStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.jspecify.annotations.Nullable;

/**
 * An ensemble in this process, on loopback ports found free, each node in a folder of its own, that
 * can be stopped, started, and cut off from each other.
 */
final class TestEnsemble implements AutoCloseable {
  private static final List<String> RATIS_CALLS =
      List.of("RaftServerImpl.appendEntries", "RaftServerImpl.requestVote");

  private final Path directory;
  private final ImmutableList<ConsensusConfig.Peer> peers;
  private final long snapshotEntries;
  private final IntFunction<Optional<PortTls>> tls;
  private final Map<Integer, Node> nodes = new TreeMap<>();
  private final Set<String> cutOff = ConcurrentHashMap.newKeySet();

  /** A node while it runs. */
  record Node(
      RatisConsensus consensus,
      StateStore store,
      AppliedListeners listeners,
      List<ExitCode> halts) {}

  private TestEnsemble(
      Path directory, int size, long snapshotEntries, IntFunction<Optional<PortTls>> tls)
      throws IOException {
    this.directory = directory;
    this.tls = tls;
    this.snapshotEntries = snapshotEntries;
    this.peers = peers(size);
    for (String call : RATIS_CALLS) {
      CodeInjectionForTesting.put(call, this::passes);
    }
  }

  /** An ensemble of {@code size} voters that has a leader. */
  static TestEnsemble start(Path directory, int size) throws Exception {
    return start(directory, size, 100_000);
  }

  /** As {@link #start(Path, int)}, taking snapshots after {@code snapshotEntries} log entries. */
  static TestEnsemble start(Path directory, int size, long snapshotEntries) throws Exception {
    return start(directory, size, snapshotEntries, id -> Optional.empty());
  }

  /** As {@link #start(Path, int)}, with the traffic between the nodes protected. */
  static TestEnsemble start(
      Path directory, int size, long snapshotEntries, IntFunction<Optional<PortTls>> tls)
      throws Exception {
    TestEnsemble ensemble = new TestEnsemble(directory, size, snapshotEntries, tls);
    try {
      ensemble.startAll();
      return ensemble;
    } catch (Throwable failure) {
      ensemble.close();
      throw failure;
    }
  }

  private static ImmutableList<ConsensusConfig.Peer> peers(int size) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    ImmutableList.Builder<ConsensusConfig.Peer> peers = ImmutableList.builder();
    for (int id = 1; id <= size; id++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      peers.add(new ConsensusConfig.Peer(id, "127.0.0.1", socket.getLocalPort(), false, ""));
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return peers.build();
  }

  private boolean passes(Object local, @Nullable Object remote, Object... more) {
    if (cutOff.contains(String.valueOf(local)) || cutOff.contains(String.valueOf(remote))) {
      throw new IllegalStateException("cut off for the test");
    }
    return false;
  }

  private void startAll() {
    List<CompletableFuture<Void>> starts = new ArrayList<>();
    for (ConsensusConfig.Peer peer : peers) {
      starts.add(CompletableFuture.runAsync(() -> startNode(peer.serverId())));
    }
    starts.forEach(CompletableFuture::join);
    leader();
  }

  /** Starts the node {@code id} where it stopped. */
  void startNode(int id) {
    startNode(config(id));
  }

  /** Starts the node of {@code config} where it stopped. */
  void startNode(ConsensusConfig config) {
    List<ExitCode> halts = new ArrayList<>();
    Node node = newNode(config, halts);
    try {
      node.consensus().start();
    } catch (InterruptedException | RuntimeException e) {
      node.consensus().close();
      node.store().close();
      throw new IllegalStateException(e);
    }
    synchronized (nodes) {
      nodes.put(config.serverId(), node);
    }
  }

  /** The configuration of node {@code id}. */
  ConsensusConfig config(int id) {
    return config(id, peers);
  }

  /** The configuration of node {@code id} where the line of one member is {@code changed}. */
  ConsensusConfig configWith(int id, ConsensusConfig.Peer changed) {
    return config(
        id,
        peers.stream()
            .map(peer -> peer.serverId() == changed.serverId() ? changed : peer)
            .collect(ImmutableList.toImmutableList()));
  }

  private ConsensusConfig config(int id, ImmutableList<ConsensusConfig.Peer> members) {
    return new ConsensusConfig(
        id,
        "test",
        members,
        directory.resolve("node" + id),
        directory.resolve("node" + id),
        "127.0.0.1:0",
        "test",
        snapshotEntries,
        1L << 30,
        Duration.ofHours(1),
        100,
        1 << 18,
        tls.apply(id));
  }

  private static Node newNode(ConsensusConfig config, List<ExitCode> halts) {
    StateStore store =
        RocksStore.open(config.dataDirectory().resolve("store"), RocksConfig.DEFAULT);
    AppliedListeners listeners = new AppliedListeners();
    RatisConsensus consensus =
        new RatisConsensus(
            config,
            store,
            listeners,
            (code, message, cause) -> {
              synchronized (halts) {
                halts.add(code);
              }
            });
    return new Node(consensus, store, listeners, halts);
  }

  /** Stops the node {@code id} in order. */
  void stopNode(int id) {
    Node node;
    synchronized (nodes) {
      node = nodes.remove(id);
    }
    if (node != null) {
      node.consensus().close();
      node.store().close();
    }
  }

  /** The node {@code id}, which runs. */
  Node node(int id) {
    synchronized (nodes) {
      return Optional.ofNullable(nodes.get(id)).orElseThrow();
    }
  }

  /** The running nodes. */
  List<Node> nodes() {
    synchronized (nodes) {
      return List.copyOf(nodes.values());
    }
  }

  /** The number of the leader that has a majority; waits for one. */
  int leader() {
    return await().atMost(30, SECONDS).until(this::findLeader, Optional::isPresent).orElseThrow();
  }

  private Optional<Integer> findLeader() {
    synchronized (nodes) {
      return nodes.entrySet().stream()
          .filter(entry -> !cutOff.contains(entry.getKey().toString()))
          .filter(entry -> entry.getValue().consensus().hasQuorum())
          .filter(entry -> entry.getValue().consensus().standing().role() == Role.LEADER)
          .map(Map.Entry::getKey)
          .findFirst();
    }
  }

  /** A running node that is not the leader. */
  int follower() {
    int leader = leader();
    synchronized (nodes) {
      return nodes.keySet().stream().filter(id -> id != leader).findFirst().orElseThrow();
    }
  }

  /** Drops what the node {@code id} and the others say to each other about the log. */
  void cutOff(int id) {
    cutOff.add(Integer.toString(id));
  }

  /** Ends all {@link #cutOff}. */
  void heal() {
    cutOff.clear();
  }

  /** Submits {@code command} at node {@code id} and waits for its reply. */
  Reply submit(int id, Command command) throws Exception {
    return node(id).consensus().submit(Caller.ANONYMOUS, command, deadline(20)).get(30, SECONDS);
  }

  /** A deadline {@code seconds} from now. */
  static long deadline(long seconds) {
    return System.nanoTime() + SECONDS.toNanos(seconds);
  }

  /** The create of a znode. */
  static Create createZnode(String path) {
    return Create.at(path, false, ByteString.EMPTY, Acl.OPEN);
  }

  /** The setting of some bytes. */
  static SetData setData(String path, String data) {
    return new SetData(ZnodePath.of(path), ByteString.copyFromUtf8(data), -1);
  }

  /** Waits until all running nodes have the same tree, and all of the log. */
  void awaitSameTree() {
    await()
        .atMost(60, SECONDS)
        .until(
            () -> {
              long highest =
                  nodes().stream()
                      .map(Node::store)
                      .max(Comparator.comparingLong(StateStore::publishedZxid))
                      .map(StateStore::publishedZxid)
                      .orElseThrow();
              return nodes().stream().allMatch(n -> n.store().publishedZxid() == highest)
                  && nodes().stream().map(n -> n.store().digest()).distinct().count() == 1;
            });
  }

  @Override
  public void close() {
    RATIS_CALLS.forEach(CodeInjectionForTesting::remove);
    for (ConsensusConfig.Peer peer : peers) {
      stopNode(peer.serverId());
    }
  }
}
