package io.quoll.server.consensus;

import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.statemachine.ratis.SnapshotDirectory;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.RocksStore;
import io.quoll.statemachine.store.StateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
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
  private static final long DELAY_MILLIS = 200;
  private static final long TAKE_OVER_SECONDS_MAX = 20;

  private final PeerChannels channels;
  private final SnapshotDirectory snapshots;
  private final StateStore store;
  private final Executor executor;
  private final FatalHandler fatal;

  SnapshotFetcher(
      PeerChannels channels,
      SnapshotDirectory snapshots,
      StateStore store,
      Executor executor,
      FatalHandler fatal) {
    this.channels = channels;
    this.snapshots = snapshots;
    this.store = store;
    this.executor = executor;
    this.fatal = fatal;
  }

  /** Fetches a snapshot; the future fails if none beyond this replica could be had this time. */
  CompletableFuture<Position> fetch(int leaderId) {
    // Ratis takes a failure well that comes from another thread and not at once, and asks again.
    CompletableFuture<Position> fetched = new CompletableFuture<>();
    CompletableFuture.delayedExecutor(DELAY_MILLIS, TimeUnit.MILLISECONDS, executor)
        .execute(() -> fetch(leaderId, fetched));
    return fetched;
  }

  private void fetch(int leaderId, CompletableFuture<Position> fetched) {
    LOG.info("This replica is behind the log of server {}: fetching its snapshot", leaderId);
    try {
      Path incoming = snapshots.newIncoming();
      SnapshotStream.receive(messages(leaderId), incoming);
      Position position = RocksStore.verify(incoming).position();
      if (position.index() <= store.position().index()) {
        throw new IOException("its snapshot of " + position + " is older than this replica");
      }
      snapshots.completeReceived(incoming);
      LOG.info("Fetched the snapshot of {} from server {}", position, leaderId);
      expectTakeOver();
      fetched.complete(position);
    } catch (IOException | RuntimeException e) {
      LOG.warn("No snapshot from server {} this time: {}", leaderId, e.toString());
      fetched.completeExceptionally(e);
    }
  }

  /**
   * Ratis forgets a snapshot that is fetched while the leader changes, and then refuses all log
   * entries. A restart takes the snapshot over.
   */
  private void expectTakeOver() {
    CompletableFuture.delayedExecutor(TAKE_OVER_SECONDS_MAX, TimeUnit.SECONDS, executor)
        .execute(
            () -> {
              if (snapshots.received().isPresent()) {
                fatal.halt(
                    ExitCode.REPLICA_FAILED,
                    "a fetched snapshot was not taken over; the next start does",
                    null);
              }
            });
  }

  private Iterator<byte[]> messages(int leaderId) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(FETCH_HOURS_MAX, TimeUnit.HOURS);
    return ClientCalls.blockingServerStreamingCall(
        channels.to(leaderId), PeerProtocol.FETCH_SNAPSHOT, options, new byte[0]);
  }
}
