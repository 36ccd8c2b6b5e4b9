package io.quoll.client.backup;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quoll.api.v1.BackupContent;
import io.quoll.api.v1.BackupEnd;
import io.quoll.api.v1.BackupManifest;
import io.quoll.api.v1.BackupPart;
import io.quoll.api.v1.BackupZnode;
import io.quoll.api.v1.BackupZnodes;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Checks a backup part by part, as it is written or read. Confined to one thread. */
final class BackupCheck {
  /** The newest form that is known here. */
  static final int FORMAT_VERSION_MAX = 1;

  private static final BackupEnd UNKNOWN =
      BackupEnd.newBuilder().setZnodes(-1).setEphemerals(-1).setDataBytes(-1).build();

  private long nextIndex;
  private @Nullable BackupManifest manifest;
  private @Nullable BackupEnd end;
  private long znodes;
  private long ephemerals;
  private long dataBytes;

  /**
   * Takes the next part, a {@link BackupPart}.
   *
   * @throws BadBackupException if it cannot be the next part of a backup
   */
  void accept(ByteString part) throws BadBackupException {
    BackupContent content = content(part);
    if (end != null) {
      throw new BadBackupException("the backup goes on after its end");
    }
    if (content.getIndex() != nextIndex) {
      throw new BadBackupException(
          "part "
              + nextIndex
              + " of the backup is missing: part "
              + content.getIndex()
              + " is here");
    }
    if ((nextIndex == 0) != content.hasManifest()) {
      throw new BadBackupException("the backup does not begin with a manifest");
    }
    nextIndex++;
    switch (content.getContentCase()) {
      case MANIFEST -> begin(content.getManifest());
      case ZNODES -> count(content.getZnodes());
      case END -> end(content.getEnd());
      case CONTENT_NOT_SET ->
          throw new BadBackupException("a part of the backup is of a kind that is not known here");
    }
  }

  private BackupContent content(ByteString bytes) throws BadBackupException {
    try {
      BackupPart part = BackupPart.parseFrom(bytes);
      CRC32C checksum = new CRC32C();
      checksum.update(part.getContent().asReadOnlyByteBuffer());
      if ((int) checksum.getValue() != part.getCrc32C()) {
        throw new BadBackupException("part " + nextIndex + " of the backup is damaged");
      }
      return BackupContent.parseFrom(part.getContent());
    } catch (InvalidProtocolBufferException garbled) {
      throw new BadBackupException("part " + nextIndex + " of the backup is garbled", garbled);
    }
  }

  private void begin(BackupManifest found) throws BadBackupException {
    if (found.getFormatVersion() < 1 || found.getFormatVersion() > FORMAT_VERSION_MAX) {
      throw new BadBackupException(
          "the backup has format "
              + found.getFormatVersion()
              + ", and this version knows formats up to "
              + FORMAT_VERSION_MAX);
    }
    manifest = found;
  }

  private void count(BackupZnodes found) {
    for (BackupZnode znode : found.getZnodesList()) {
      znodes++;
      ephemerals += znode.hasEphemeralOwner() ? 1 : 0;
      dataBytes += znode.getData().size();
    }
  }

  private void end(BackupEnd found) throws BadBackupException {
    BackupEnd counted =
        BackupEnd.newBuilder()
            .setZnodes(znodes)
            .setEphemerals(ephemerals)
            .setDataBytes(dataBytes)
            .build();
    if (!counted.equals(found)) {
      throw new BadBackupException(
          "the backup holds "
              + counted.toString().trim()
              + " and tells of "
              + found.toString().trim());
    }
    end = found;
  }

  /** What the backup is of, as far as it was read; empty before its first part. */
  BackupInfo begun() throws BadBackupException {
    if (manifest == null) {
      throw new BadBackupException("the backup is empty");
    }
    return info(manifest, UNKNOWN);
  }

  /**
   * What the backup is of, all parts of which were taken.
   *
   * @throws BadBackupException if its end is missing
   */
  BackupInfo whole() throws BadBackupException {
    if (manifest == null || end == null) {
      throw new BadBackupException("the backup is cut off: it has no end");
    }
    return info(manifest, end);
  }

  private static BackupInfo info(BackupManifest manifest, BackupEnd end) {
    return new BackupInfo(
        manifest.getFormatVersion(),
        manifest.getClusterId(),
        manifest.getServerId(),
        manifest.getServerVersion(),
        manifest.getTerm(),
        manifest.getIndex(),
        manifest.getZxid(),
        Instant.ofEpochMilli(manifest.getCreatedMillis()),
        manifest.getTreeDigest(),
        end.getZnodes(),
        end.getEphemerals(),
        end.getDataBytes());
  }
}
