package io.quoll.statemachine.codec;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodeKind;
import org.jspecify.annotations.Nullable;

/**
 * Znodes as the store keeps them, without path, and with their data if it is short: {@link
 * #holdsData}. Then the data follows what is laid out here.
 *
 * <p>Layout: byte version; varint czxid; signed mzxid and pzxid, each less czxid; varint ctime;
 * signed mtime less ctime; signed version; signed aversion; a byte for the kind, which is 0 for a
 * persistent one, 1 for an ephemeral one with the fixed id of its session behind it, 2 for a
 * container, 3 for one with a time to live, a varint behind it; varint children created; varint
 * number of children; varint data length + 1; fixed data fingerprint; {@linkplain AclCodec ACL}.
 * Replicas compare digests of these bytes, so equal znodes must have equal bytes on all of them.
 */
public final class ZnodeCodec {
  private static final int VERSION = 1;
  private static final int PERSISTENT = 0;
  private static final int EPHEMERAL = 1;
  private static final int CONTAINER = 2;
  private static final int TIME_TO_LIVE = 3;

  /**
   * The longest data that is kept with its znode. Longer data is kept apart, so that who lists
   * children or looks at a znode alone never reads it.
   */
  public static final int DATA_BYTES_HELD_MAX = 128;

  /** What a znode with an open ACL hardly exceeds. */
  private static final int USUAL_BYTES = 64;

  private ZnodeCodec() {}

  /** Whether a znode like {@code znode} is kept together with its data. */
  public static boolean holdsData(Znode znode) {
    return znode.dataLength() >= 0 && znode.dataLength() <= DATA_BYTES_HELD_MAX;
  }

  /** The bytes of {@code znode} alone. */
  public static byte[] encode(Znode znode) {
    BytesWriter out = new BytesWriter(USUAL_BYTES);
    write(znode, out);
    return out.toByteArray();
  }

  private static void write(Znode znode, BytesWriter out) {
    out.writeByte(VERSION);
    writeTimes(znode, out);
    out.writeSigned(znode.version());
    out.writeSigned(znode.aversion());
    writeKind(znode.kind(), out);
    out.writeVarint(znode.childrenCreated());
    out.writeVarint(znode.numChildren());
    out.writeVarint(znode.dataLength() + 1L);
    out.writeFixed(znode.dataFingerprint());
    AclCodec.write(znode.acl(), out);
  }

  private static void writeKind(ZnodeKind kind, BytesWriter out) {
    if (kind instanceof ZnodeKind.Persistent) {
      out.writeByte(PERSISTENT);
    } else if (kind instanceof ZnodeKind.Ephemeral ephemeral) {
      out.writeByte(EPHEMERAL);
      out.writeFixed(ephemeral.sessionId());
    } else if (kind instanceof ZnodeKind.Container) {
      out.writeByte(CONTAINER);
    } else if (kind instanceof ZnodeKind.TimeToLive ttl) {
      out.writeByte(TIME_TO_LIVE);
      out.writeVarint(ttl.millis());
    } else {
      throw new AssertionError("a kind without a layout: " + kind.getClass());
    }
  }

  private static ZnodeKind readKind(BytesReader in) {
    int kind = in.readByte();
    return switch (kind) {
      case PERSISTENT -> ZnodeKind.PERSISTENT;
      case EPHEMERAL -> new ZnodeKind.Ephemeral(in.readFixed());
      case CONTAINER -> ZnodeKind.CONTAINER;
      case TIME_TO_LIVE -> new ZnodeKind.TimeToLive(in.readVarint());
      default -> throw new CorruptBytesException("a znode of the unknown kind " + kind);
    };
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

  /**
   * A znode, and its data if that is kept with it.
   *
   * @param data null if the znode has none, or if it is kept apart
   */
  public record Kept(Znode znode, @Nullable ByteString data) {}

  /**
   * The znode, and what data follows it, that {@code bytes} stand for.
   *
   * @throws CorruptBytesException as {@link #decode} does
   */
  public static Kept decodeKept(byte[] bytes) {
    return BytesReader.readAll(bytes, ZnodeCodec::readKept);
  }

  private static Kept readKept(BytesReader in) {
    Znode znode = read(in);
    return new Kept(znode, holdsData(znode) ? in.readRaw(znode.dataLength()) : null);
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
        readKind(in),
        in.readVarint(),
        in.readVarintInt(),
        in.readVarintInt() - 1,
        in.readFixed(),
        AclCodec.read(in));
  }
}
