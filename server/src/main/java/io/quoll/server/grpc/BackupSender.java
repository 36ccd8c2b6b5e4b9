package io.quoll.server.grpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.quoll.api.v1.BackupContent;
import io.quoll.api.v1.BackupEnd;
import io.quoll.api.v1.BackupManifest;
import io.quoll.api.v1.BackupPart;
import io.quoll.api.v1.BackupZnode;
import io.quoll.api.v1.BackupZnodes;
import io.quoll.statemachine.store.SnapshotReader;
import io.quoll.statemachine.store.SnapshotReader.StoredZnode;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Sends the znodes of a snapshot as a backup, no faster than they are taken. Confined to the thread
 * that sends; the transport only wakes it.
 */
final class BackupSender {
  /** How many bytes of znodes a part has, about. */
  static final int PART_BYTES = 256 * 1024;

  private static final long STALLED_SECONDS = 60;

  private final ServerCallStreamObserver<BackupPart> stream;
  private final Semaphore ready = new Semaphore(0);
  private long index;
  private long znodes;
  private long ephemerals;
  private long dataBytes;
  private BackupZnodes.Builder gathered = BackupZnodes.newBuilder();
  private int gatheredBytes;

  /** Sends to {@code stream}; made while the call begins. */
  BackupSender(ServerCallStreamObserver<BackupPart> stream) {
    this.stream = stream;
    stream.setOnReadyHandler(ready::release);
    stream.setOnCancelHandler(ready::release);
  }

  /**
   * Sends a whole backup.
   *
   * @throws IOException if the client takes no more
   */
  void send(BackupManifest manifest, SnapshotReader snapshot) throws IOException {
    send(BackupContent.newBuilder().setManifest(manifest));
    sendZnodes(snapshot.znodes(), false);
    if (ephemerals > 0) {
      sendZnodes(snapshot.znodes(), true);
    }
    send(
        BackupContent.newBuilder()
            .setEnd(
                BackupEnd.newBuilder()
                    .setZnodes(znodes + ephemerals)
                    .setEphemerals(ephemerals)
                    .setDataBytes(dataBytes)));
  }

  private void sendZnodes(Iterator<StoredZnode> all, boolean ephemeral) throws IOException {
    while (all.hasNext()) {
      StoredZnode stored = all.next();
      if (stored.znode().isEphemeral() == ephemeral) {
        gather(BackupMapping.znode(stored));
        znodes += ephemeral ? 0 : 1;
        dataBytes += stored.znode().dataBytes();
      } else if (!ephemeral) {
        ephemerals++; // They come in the second round.
      }
    }
    sendGathered();
  }

  private void gather(BackupZnode znode) throws IOException {
    int bytes = znode.getSerializedSize();
    if (gatheredBytes > 0 && gatheredBytes + bytes > PART_BYTES) {
      sendGathered();
    }
    gathered.addZnodes(znode);
    gatheredBytes += bytes;
  }

  private void sendGathered() throws IOException {
    if (gatheredBytes > 0) {
      send(BackupContent.newBuilder().setZnodes(gathered));
      gathered = BackupZnodes.newBuilder();
      gatheredBytes = 0;
    }
  }

  private void send(BackupContent.Builder content) throws IOException {
    ByteString bytes = content.setIndex(index).build().toByteString();
    index++;
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.asReadOnlyByteBuffer());
    awaitReady();
    stream.onNext(
        BackupPart.newBuilder().setContent(bytes).setCrc32C((int) checksum.getValue()).build());
  }

  private void awaitReady() throws IOException {
    try {
      while (!stream.isReady()) {
        if (stream.isCancelled() || !ready.tryAcquire(STALLED_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException("the client takes no more");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
