package io.quoll.statemachine.codec;

import io.quoll.statemachine.state.Znode;

/**
 * Znodes as the store keeps them, without path and data.
 *
 * <p>Layout: byte version; varint czxid; signed mzxid and pzxid, each less czxid; varint ctime;
 * signed mtime less ctime; signed version; signed aversion; fixed ephemeral owner only if the flag
 * before it, a byte, is 1; varint children created; varint number of children; varint data length +
 * 1; fixed data fingerprint; {@linkplain AclCodec ACL}. Replicas compare digests of these bytes, so
 * equal znodes must have equal bytes on all of them.
 */
public final class ZnodeCodec {
  private static final int VERSION = 1;

  /** What a znode with an open ACL hardly exceeds. */
  private static final int USUAL_BYTES = 64;

  private ZnodeCodec() {}

  /** The bytes of {@code znode}. */
  public static byte[] encode(Znode znode) {
    BytesWriter out = new BytesWriter(USUAL_BYTES);
    out.writeByte(VERSION);
    writeTimes(znode, out);
    out.writeSigned(znode.version());
    out.writeSigned(znode.aversion());
    out.writeByte(znode.isEphemeral() ? 1 : 0);
    if (znode.isEphemeral()) {
      out.writeFixed(znode.ephemeralOwner());
    }
    out.writeVarint(znode.childrenCreated());
    out.writeVarint(znode.numChildren());
    out.writeVarint(znode.dataLength() + 1L);
    out.writeFixed(znode.dataFingerprint());
    AclCodec.write(znode.acl(), out);
    return out.toByteString().toByteArray();
  }

  private static void writeTimes(Znode znode, BytesWriter out) {
    out.writeVarint(znode.czxid());
    out.writeSigned(znode.mzxid() - znode.czxid());
    out.writeSigned(znode.pzxid() - znode.czxid());
    out.writeVarint(znode.ctime());
    out.writeSigned(znode.mtime() - znode.ctime());
  }

  /**
   * The znode that {@code bytes} stand for.
   *
   * @throws CorruptBytesException if they stand for none, or for one of an unknown version
   */
  public static Znode decode(byte[] bytes) {
    return BytesReader.readAll(bytes, ZnodeCodec::read);
  }

  private static Znode read(BytesReader in) {
    in.expectVersion(VERSION, "a znode");
    long czxid = in.readVarint();
    long mzxid = czxid + in.readSigned();
    long pzxid = czxid + in.readSigned();
    long ctime = in.readVarint();
    return new Znode(
        czxid,
        mzxid,
        pzxid,
        ctime,
        ctime + in.readSigned(),
        in.readSignedInt(),
        in.readSignedInt(),
        in.readBoolean() ? in.readFixed() : 0,
        in.readVarint(),
        in.readVarintInt(),
        in.readVarintInt() - 1,
        in.readFixed(),
        AclCodec.read(in));
  }
}
