package io.quoll.server.consensus;

import io.quoll.statemachine.ratis.SnapshotDirectory;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.RocksStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the leader's snapshot when this replica is behind the leader's log, checks it, and makes
 * it the one to take over. (ADR 0006.)
 */
final class SnapshotFetcher {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFetcher.class);
  private static final long FETCH_HOURS_MAX = 6;

  private final PeerChannels channels;
  private final SnapshotDirectory snapshots;
  private final Executor executor;

  SnapshotFetcher(PeerChannels channels, SnapshotDirectory snapshots, Executor executor) {
    this.channels = channels;
    this.snapshots = snapshots;
    this.executor = executor;
  }

  /** The position of the snapshot that was fetched, or empty if none could be had this time. */
  CompletableFuture<Optional<Position>> fetch(int leaderId) {
    // Ratis asks again after an empty answer; a failed one would trip an assertion of its.
    return CompletableFuture.supplyAsync(() -> tryFetch(leaderId), executor);
  }

  private Optional<Position> tryFetch(int leaderId) {
    LOG.info("This replica is behind the log of server {}: fetching its snapshot", leaderId);
    try {
      Path incoming = snapshots.newIncoming();
      SnapshotStream.receive(messages(leaderId), incoming);
      Position position = RocksStore.verify(incoming).position();
      snapshots.completeReceived(incoming);
      LOG.info("Fetched the snapshot of {} from server {}", position, leaderId);
      return Optional.of(position);
    } catch (IOException | RuntimeException e) {
      LOG.warn("No snapshot from server {} this time: {}", leaderId, e.toString());
      return Optional.empty();
    }
  }

  private Iterator<byte[]> messages(int leaderId) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(FETCH_HOURS_MAX, TimeUnit.HOURS);
    return ClientCalls.blockingServerStreamingCall(
        channels.to(leaderId), PeerProtocol.FETCH_SNAPSHOT, options, new byte[0]);
  }
}
