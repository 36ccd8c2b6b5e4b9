package io.quoll.statemachine.codec;

import io.quoll.statemachine.state.Acl;

/**
 * ACLs, the common ones in one byte.
 *
 * <p>Layout: byte 0 for the open ACL; 1 for the readable one; 2 and then the varint count of
 * entries, each as varint permissions, string scheme, string id.
 */
final class AclCodec {
  private static final int OPEN = 0;
  private static final int READABLE = 1;
  private static final int LISTED = 2;

  private AclCodec() {}

  static void write(Acl acl, BytesWriter out) {
    if (acl.equals(Acl.OPEN)) {
      out.writeByte(OPEN);
      return;
    }
    if (acl.equals(Acl.READABLE)) {
      out.writeByte(READABLE);
      return;
    }
    out.writeByte(LISTED);
    out.writeVarint(acl.entries().size());
    for (Acl.Entry entry : acl.entries()) {
      out.writeVarint(entry.permissions());
      out.writeString(entry.scheme());
      out.writeString(entry.id());
    }
  }

  static Acl read(BytesReader in) {
    int form = in.readByte();
    return switch (form) {
      case OPEN -> Acl.OPEN;
      case READABLE -> Acl.READABLE;
      case LISTED -> new Acl(in.readList(AclCodec::readEntry));
      default -> throw new CorruptBytesException("an ACL of the unknown form " + form);
    };
  }

  private static Acl.Entry readEntry(BytesReader in) {
    return new Acl.Entry(in.readVarintInt(), in.readString(), in.readString());
  }
}
