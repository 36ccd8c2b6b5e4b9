package io.quoll.server.consensus;

import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.statemachine.ratis.SnapshotDirectory;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.RocksStore;
import io.quoll.statemachine.store.StateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

  /** How long a fetch waits before it begins. */
  static final Duration DELAY = Duration.ofMillis(200);

  /** How long Ratis may take to have a fetched snapshot taken over. */
  static final Duration TAKE_OVER_MAX = Duration.ofSeconds(20);

  private final PeerChannels channels;
  private final SnapshotDirectory snapshots;
  private final StateStore store;
  private final Function<Duration, Executor> delayed;
  private final FatalHandler fatal;

  /**
   * Fetches into {@code snapshots}.
   *
   * @param delayed gives an executor whose tasks begin after a time, and may block
   * @param fatal ends the process when a fetched snapshot is not taken over
   */
  SnapshotFetcher(
      PeerChannels channels,
      SnapshotDirectory snapshots,
      StateStore store,
      Function<Duration, Executor> delayed,
      FatalHandler fatal) {
    this.channels = channels;
    this.snapshots = snapshots;
    this.store = store;
    this.delayed = delayed;
    this.fatal = fatal;
  }

  /** Fetches a snapshot; the future fails if none beyond this replica could be had this time. */
  CompletableFuture<Position> fetch(int leaderId) {
    // Ratis takes a failure well that comes from another thread and not at once, and asks again.
    CompletableFuture<Position> fetched = new CompletableFuture<>();
    delayed.apply(DELAY).execute(() -> fetch(leaderId, fetched));
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
    delayed
        .apply(TAKE_OVER_MAX)
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
