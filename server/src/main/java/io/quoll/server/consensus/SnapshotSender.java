package io.quoll.server.consensus;

import io.quoll.statemachine.ratis.SnapshotDirectory;
import io.quoll.statemachine.ratis.SnapshotDirectory.Snapshot;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the newest snapshot to a member that asks for it, no faster than it takes it. */
final class SnapshotSender {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSender.class);
  private static final long STALLED_SECONDS = 30;

  private final ServerCallStreamObserver<byte[]> stream;
  private final Semaphore ready = new Semaphore(0);

  private SnapshotSender(ServerCallStreamObserver<byte[]> stream) {
    this.stream = stream;
    stream.setOnReadyHandler(ready::release);
    stream.setOnCancelHandler(ready::release);
  }

  /** Begins to send, on a thread of {@code executor}. */
  static void start(
      SnapshotDirectory snapshots, ServerCallStreamObserver<byte[]> stream, Executor executor) {
    SnapshotSender sender = new SnapshotSender(stream);
    executor.execute(() -> sender.run(snapshots));
  }

  private void run(SnapshotDirectory snapshots) {
    Optional<Snapshot> newest = snapshots.pinNewest();
    if (newest.isEmpty()) {
      stream.onError(Status.UNAVAILABLE.withDescription("no snapshot yet").asException());
      return;
    }
    LOG.info("Sending the snapshot of {} to a member", newest.get().position());
    try {
      SnapshotStream.send(newest.get(), this::send);
      stream.onCompleted();
    } catch (IOException | RuntimeException e) {
      LOG.warn("A snapshot was not sent to its end: {}", e.toString());
      stream.onError(Status.ABORTED.withDescription(e.toString()).asException());
    } finally {
      snapshots.unpin(newest.get());
    }
  }

  private void send(byte[] message) throws IOException {
    try {
      while (!stream.isReady()) {
        if (stream.isCancelled() || !ready.tryAcquire(STALLED_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException("the member takes no more");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    stream.onNext(message);
  }
}
