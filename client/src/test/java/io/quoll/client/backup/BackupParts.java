package io.quoll.client.backup;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.BackupContent;
import io.quoll.api.v1.BackupEnd;
import io.quoll.api.v1.BackupManifest;
import io.quoll.api.v1.BackupPart;
import io.quoll.api.v1.BackupZnode;
import io.quoll.api.v1.BackupZnodes;
import java.util.zip.CRC32C;

/** The parts of a small backup, for tests. */
public final class BackupParts {
  static final BackupManifest MANIFEST =
      BackupManifest.newBuilder()
          .setFormatVersion(1)
          .setClusterId("cluster")
          .setServerId(2)
          .setServerVersion("1.2.3")
          .setTerm(4)
          .setIndex(99)
          .setZxid(0x4D)
          .setCreatedMillis(1_532_765_649_000L)
          .setTreeDigest(0xCAFE)
          .build();

  private BackupParts() {}

  /** A whole backup. */
  public static ImmutableList<BackupPart> whole() {
    return ImmutableList.of(
        part(BackupContent.newBuilder().setIndex(0).setManifest(MANIFEST)),
        part(BackupContent.newBuilder().setIndex(1).setZnodes(znodes())),
        part(BackupContent.newBuilder().setIndex(2).setEnd(end(3))));
  }

  private static BackupZnodes znodes() {
    return BackupZnodes.newBuilder()
        .addZnodes(BackupZnode.newBuilder().setPath("/"))
        .addZnodes(BackupZnode.newBuilder().setPath("/a").setData(ByteString.copyFromUtf8("hello")))
        .addZnodes(BackupZnode.newBuilder().setPath("/a/e").setEphemeralOwner(7))
        .build();
  }

  static BackupEnd end(long znodes) {
    return BackupEnd.newBuilder().setZnodes(znodes).setEphemerals(1).setDataBytes(5).build();
  }

  static BackupPart part(BackupContent.Builder content) {
    ByteString bytes = content.build().toByteString();
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.asReadOnlyByteBuffer());
    return BackupPart.newBuilder().setContent(bytes).setCrc32C((int) checksum.getValue()).build();
  }
}
