package io.quoll.statemachine.codec;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Callers; one without a session who proved nothing takes one byte.
 *
 * <p>Layout: a byte of flags; with flag 1 fixed session id, varint session epoch, varint cxid and
 * varint first unacknowledged cxid; with flag 4 varint leader's term; with flag 8 data address,
 * then the varint count of identities, each as string scheme, string id, string alias. Flag 2 was
 * of another layout of identities, of whom there were none then.
 */
final class CallerCodec {
  private static final int WITH_SESSION = 1;
  private static final int WITH_LEADER_TERM = 4;
  private static final int WITH_IDENTITIES = 8;
  private static final int FLAGS = WITH_SESSION | WITH_IDENTITIES | WITH_LEADER_TERM;

  private CallerCodec() {}

  static void write(Caller caller, BytesWriter out) {
    boolean session = hasSessionFields(caller);
    boolean identities = !caller.identities().equals(Identities.NONE);
    boolean leader = caller.leaderTerm() != 0;
    out.writeByte(
        (session ? WITH_SESSION : 0)
            | (leader ? WITH_LEADER_TERM : 0)
            | (identities ? WITH_IDENTITIES : 0));
    if (session) {
      out.writeFixed(caller.sessionId());
      out.writeVarint(caller.sessionEpoch());
      out.writeVarint(caller.cxid());
      out.writeVarint(caller.firstUnacknowledgedCxid());
    }
    if (leader) {
      out.writeVarint(caller.leaderTerm());
    }
    if (identities) {
      writeIdentities(caller.identities(), out);
    }
  }

  private static void writeIdentities(Identities identities, BytesWriter out) {
    out.writeData(identities.address());
    out.writeVarint(identities.proved().size());
    for (Identity identity : identities.proved()) {
      out.writeString(identity.scheme());
      out.writeString(identity.id());
      out.writeString(identity.alias());
    }
  }

  private static boolean hasSessionFields(Caller caller) {
    return caller.sessionId() != 0
        || caller.sessionEpoch() != 0
        || caller.cxid() != 0
        || caller.firstUnacknowledgedCxid() != 0;
  }

  static Caller read(BytesReader in) {
    int flags = in.readByte();
    if (flags == 0) {
      return Caller.ANONYMOUS;
    }
    if ((flags & ~FLAGS) != 0) {
      throw new CorruptBytesException("a caller with the unknown flags " + flags);
    }
    boolean session = (flags & WITH_SESSION) != 0;
    long sessionId = session ? in.readFixed() : 0;
    long sessionEpoch = session ? in.readVarint() : 0;
    long cxid = session ? in.readVarint() : 0;
    long firstUnacknowledgedCxid = session ? in.readVarint() : 0;
    long leaderTerm = (flags & WITH_LEADER_TERM) != 0 ? in.readVarint() : 0;
    Identities identities = (flags & WITH_IDENTITIES) != 0 ? readIdentities(in) : Identities.NONE;
    return new Caller(
        sessionId, sessionEpoch, cxid, firstUnacknowledgedCxid, leaderTerm, identities);
  }

  private static Identities readIdentities(BytesReader in) {
    @Nullable ByteString address = in.readData();
    if (address == null) {
      throw new CorruptBytesException("a caller whose address is null");
    }
    return new Identities(
        in.readList(each -> new Identity(each.readString(), each.readString(), each.readString())),
        address);
  }
}
