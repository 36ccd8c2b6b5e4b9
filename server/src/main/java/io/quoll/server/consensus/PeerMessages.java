package io.quoll.server.consensus;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.Consensus.Standing;

/** The bytes of the small messages between members. */
final class PeerMessages {
  /** What a member knows of a server that starts with an empty data directory. */
  enum Acquaintance {
    /** The ensemble has agreed on nothing yet, as far as this member has seen. */
    NOT_FORMED,
    /** The ensemble is at work, and never heard of that server. */
    UNKNOWN,
    /** That server took part before, with another data directory. */
    KNOWN
  }

  private PeerMessages() {}

  static byte[] encode(Standing standing) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeInt(standing.serverId());
    out.writeUTF(standing.role().name());
    out.writeLong(standing.term());
    out.writeInt(standing.leaderId());
    out.writeLong(standing.appliedIndex());
    out.writeLong(standing.commitIndex());
    out.writeLong(standing.zxid());
    out.writeLong(standing.treeDigest());
    out.writeUTF(standing.version());
    return out.toByteArray();
  }

  static Standing decodeStanding(byte[] bytes) {
    ByteArrayDataInput in = ByteStreams.newDataInput(bytes);
    return new Standing(
        in.readInt(),
        Role.valueOf(in.readUTF()),
        in.readLong(),
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readUTF());
  }

  /**
   * Who asks to take part.
   *
   * @param serverId its number
   * @param directoryId the name of its data directory
   */
  record Introduction(int serverId, String directoryId) {}

  static byte[] encode(Introduction introduction) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeInt(introduction.serverId());
    out.writeUTF(introduction.directoryId());
    return out.toByteArray();
  }

  static Introduction decodeIntroduction(byte[] bytes) {
    ByteArrayDataInput in = ByteStreams.newDataInput(bytes);
    return new Introduction(in.readInt(), in.readUTF());
  }

  static byte[] encode(Acquaintance acquaintance) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeUTF(acquaintance.name());
    return out.toByteArray();
  }

  static Acquaintance decodeAcquaintance(byte[] bytes) {
    return Acquaintance.valueOf(ByteStreams.newDataInput(bytes).readUTF());
  }
}
