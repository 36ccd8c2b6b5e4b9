package io.quoll.statemachine.codec;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Caller.Identity;

/**
 * Callers; one without a session who proved nothing takes one byte.
 *
 * <p>Layout: a byte of flags; with flag 1 fixed session id, varint session epoch, varint cxid and
 * varint first unacknowledged cxid; with flag 2 the varint count of identities, each as string
 * scheme, string id; with flag 4 varint leader's term.
 */
final class CallerCodec {
  private static final int WITH_SESSION = 1;
  private static final int WITH_IDENTITIES = 2;
  private static final int WITH_LEADER_TERM = 4;
  private static final int FLAGS = WITH_SESSION | WITH_IDENTITIES | WITH_LEADER_TERM;

  private CallerCodec() {}

  static void write(Caller caller, BytesWriter out) {
    boolean session = hasSessionFields(caller);
    boolean identities = !caller.identities().isEmpty();
    boolean leader = caller.leaderTerm() != 0;
    out.writeByte(
        (session ? WITH_SESSION : 0)
            | (identities ? WITH_IDENTITIES : 0)
            | (leader ? WITH_LEADER_TERM : 0));
    if (session) {
      out.writeFixed(caller.sessionId());
      out.writeVarint(caller.sessionEpoch());
      out.writeVarint(caller.cxid());
      out.writeVarint(caller.firstUnacknowledgedCxid());
    }
    if (identities) {
      out.writeVarint(caller.identities().size());
      for (Identity identity : caller.identities()) {
        out.writeString(identity.scheme());
        out.writeString(identity.id());
      }
    }
    if (leader) {
      out.writeVarint(caller.leaderTerm());
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
    ImmutableList<Identity> identities =
        (flags & WITH_IDENTITIES) != 0 ? readIdentities(in) : ImmutableList.of();
    long leaderTerm = (flags & WITH_LEADER_TERM) != 0 ? in.readVarint() : 0;
    return new Caller(
        sessionId, sessionEpoch, cxid, firstUnacknowledgedCxid, leaderTerm, identities);
  }

  private static ImmutableList<Identity> readIdentities(BytesReader in) {
    return in.readList(each -> new Identity(each.readString(), each.readString()));
  }
}
