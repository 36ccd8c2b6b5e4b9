package io.quoll.server.grpc;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.BackupPart;
import io.quoll.api.v1.CreateBackupRequest;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.HeldSnapshot;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.store.SnapshotReader;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends backups of this replica: each is a snapshot, taken for it and read on a thread of its own,
 * so that it is the tree of one zxid, and no write waits for it. Thread-safe.
 */
final class Backups implements AutoCloseable {
  /** How many backups are sent at a time. */
  static final int SENT_AT_ONCE_MAX = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
  private static final Duration SNAPSHOT_MAX = Duration.ofMinutes(2);

  private final Consensus consensus;
  private final ReplyHeaders headers;
  private final Rejections rejections;
  private final InstantSource clock;
  private final Semaphore places = new Semaphore(SENT_AT_ONCE_MAX);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          new ThreadFactoryBuilder().setNameFormat("quoll-backup-%d").setDaemon(true).build());

  Backups(Consensus consensus, ReplyHeaders headers, Rejections rejections, InstantSource clock) {
    this.consensus = consensus;
    this.headers = headers;
    this.rejections = rejections;
    this.clock = clock;
  }

  /** Begins to send; fails with {@code OVERLOADED} if as many backups as may be are being sent. */
  void create(
      CreateBackupRequest request,
      CompletableFuture<@Nullable Void> allowed,
      StreamObserver<BackupPart> responses) {
    ServerCallStreamObserver<BackupPart> stream = (ServerCallStreamObserver<BackupPart>) responses;
    BackupSender sender = new BackupSender(stream);
    if (!places.tryAcquire()) {
      String why = "this server sends " + SENT_AT_ONCE_MAX + " backups already";
      stream.onError(rejections.ofRead(new UnavailableException(Reason.OVERLOADED, null, why)));
      return;
    }
    long deadlineNanos = System.nanoTime() + SNAPSHOT_MAX.toNanos();
    var unused =
        allowed
            .thenCompose(may -> consensus.snapshot(!request.getStale(), deadlineNanos))
            .whenCompleteAsync(
                (snapshot, failure) -> send(snapshot, failure, sender, stream), threads)
            .whenComplete((done, failure) -> places.release());
  }

  private void send(
      @Nullable HeldSnapshot snapshot,
      @Nullable Throwable failure,
      BackupSender sender,
      ServerCallStreamObserver<BackupPart> stream) {
    if (snapshot == null) {
      stream.onError(rejections.ofRead(failure == null ? new IllegalStateException() : failure));
      return;
    }
    try (snapshot;
        SnapshotReader reader = SnapshotReader.open(snapshot.path())) {
      LOG.info("Sending a backup of zxid 0x{}", Long.toHexString(reader.head().zxid()));
      sender.send(
          BackupMapping.manifest(reader.head())
              .setClusterId(headers.at(0).getClusterId())
              .setServerId(headers.at(0).getServerId())
              .setServerVersion(consensus.standing().version())
              .setCreatedMillis(clock.millis())
              .build(),
          reader);
      stream.onCompleted();
    } catch (IOException broken) {
      LOG.warn("A backup was not sent to its end: {}", broken.toString());
      stream.onError(
          rejections.ofRead(
              new UnavailableException(
                  Reason.NOT_SERVING, null, String.valueOf(broken.getMessage()))));
    } catch (RuntimeException defect) {
      stream.onError(rejections.ofRead(defect));
    }
  }

  /** Ends what is being sent. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
