package io.quoll.statemachine.codec;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Caller.Identity;

/**
 * Callers; one without a session who proved nothing takes one byte.
 *
 * <p>Layout: a byte of flags; with flag 1 fixed session id, varint session epoch, varint cxid and
 * varint first unacknowledged cxid; with flag 2 the varint count of identities, each as string
 * scheme, string id.
 */
final class CallerCodec {
  private static final int WITH_SESSION = 1;
  private static final int WITH_IDENTITIES = 2;

  private CallerCodec() {}

  static void write(Caller caller, BytesWriter out) {
    boolean session = hasSessionFields(caller);
    boolean identities = !caller.identities().isEmpty();
    out.writeByte((session ? WITH_SESSION : 0) | (identities ? WITH_IDENTITIES : 0));
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
  }

  private static boolean hasSessionFields(Caller caller) {
    return caller.sessionId() != 0
        || caller.sessionEpoch() != 0
        || caller.cxid() != 0
        || caller.firstUnacknowledgedCxid() != 0;
  }

  static Caller read(BytesReader in) {
    int flags = in.readByte();
    return switch (flags) {
      case 0 -> Caller.ANONYMOUS;
      case WITH_SESSION -> readSession(in, false);
      case WITH_IDENTITIES -> new Caller(0, 0, 0, 0, readIdentities(in));
      case WITH_SESSION | WITH_IDENTITIES -> readSession(in, true);
      default -> throw new CorruptBytesException("a caller with the unknown flags " + flags);
    };
  }

  private static Caller readSession(BytesReader in, boolean identities) {
    return new Caller(
        in.readFixed(),
        in.readVarint(),
        in.readVarint(),
        in.readVarint(),
        identities ? readIdentities(in) : ImmutableList.of());
  }

  private static ImmutableList<Identity> readIdentities(BytesReader in) {
    return in.readList(each -> new Identity(each.readString(), each.readString()));
  }
}
