package io.quoll.server.consensus;

import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import com.google.common.primitives.Ints;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.Consensus.Standing;
import io.quoll.server.coordination.TouchReport;
import io.quoll.server.coordination.TouchReport.Touch;
import io.quoll.statemachine.store.Position;
import java.io.IOException;
import java.io.UncheckedIOException;

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

  static byte[] encode(Absence absence) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeInt(absence.serverId());
    out.writeInt(absence.leaderId());
    out.writeLong(absence.term());
    out.writeLong(absence.logEnd().term());
    out.writeLong(absence.logEnd().index());
    return out.toByteArray();
  }

  static Absence decodeAbsence(byte[] bytes) {
    ByteArrayDataInput in = ByteStreams.newDataInput(bytes);
    return new Absence(
        in.readInt(), in.readInt(), in.readLong(), new Position(in.readLong(), in.readLong()));
  }

  static byte[] encode(Absence.Answer answer) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeUTF(answer.name());
    return out.toByteArray();
  }

  static Absence.Answer decodeAnswer(byte[] bytes) {
    return Absence.Answer.valueOf(ByteStreams.newDataInput(bytes).readUTF());
  }

  /** A few bytes for each sign of life, for a session's id is near that of the one before. */
  static byte[] encode(TouchReport report) {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeUInt32NoTag(report.touches().size());
      long lastId = 0;
      for (Touch touch : report.touches()) {
        out.writeSInt64NoTag(touch.sessionId() - lastId);
        out.writeUInt64NoTag(touch.epoch());
        out.writeUInt64NoTag(touch.ageMillis());
        lastId = touch.sessionId();
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Not from memory.
    }
    return bytes.toByteString().toByteArray();
  }

  static TouchReport decodeTouches(byte[] bytes) {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    ImmutableList.Builder<Touch> touches = ImmutableList.builder();
    try {
      int count = in.readUInt32();
      long sessionId = 0;
      for (int i = 0; i < count; i++) {
        sessionId += in.readSInt64();
        touches.add(new Touch(sessionId, in.readUInt64(), in.readUInt64()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a report of signs of life is cut off", e);
    }
    return new TouchReport(touches.build());
  }

  static byte[] encode(Position position) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeLong(position.term());
    out.writeLong(position.index());
    return out.toByteArray();
  }

  static Position decodePosition(byte[] bytes) {
    ByteArrayDataInput in = ByteStreams.newDataInput(bytes);
    return new Position(in.readLong(), in.readLong());
  }

  static byte[] encodeServerId(int serverId) {
    return Ints.toByteArray(serverId);
  }

  static int decodeServerId(byte[] bytes) {
    return Ints.fromByteArray(bytes);
  }

  static byte[] encodeTerm(long term) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeLong(term);
    return out.toByteArray();
  }

  static long decodeTerm(byte[] bytes) {
    return ByteStreams.newDataInput(bytes).readLong();
  }
}
