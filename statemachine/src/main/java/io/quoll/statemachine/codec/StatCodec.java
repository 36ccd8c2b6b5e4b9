package io.quoll.statemachine.codec;

import io.quoll.statemachine.state.Stat;

/**
 * Stats.
 *
 * <p>Layout: varint czxid; signed mzxid less czxid; varint ctime; signed mtime less ctime; signed
 * version, cversion and aversion; varint ephemeral owner; varint data length; varint number of
 * children; signed pzxid less czxid.
 */
final class StatCodec {
  private StatCodec() {}

  static void write(Stat stat, BytesWriter out) {
    out.writeVarint(stat.czxid());
    out.writeSigned(stat.mzxid() - stat.czxid());
    out.writeVarint(stat.ctime());
    out.writeSigned(stat.mtime() - stat.ctime());
    out.writeSigned(stat.version());
    out.writeSigned(stat.cversion());
    out.writeSigned(stat.aversion());
    out.writeVarint(stat.ephemeralOwner());
    out.writeVarint(stat.dataLength());
    out.writeVarint(stat.numChildren());
    out.writeSigned(stat.pzxid() - stat.czxid());
  }

  static Stat read(BytesReader in) {
    long czxid = in.readVarint();
    long mzxid = czxid + in.readSigned();
    long ctime = in.readVarint();
    return new Stat(
        czxid,
        mzxid,
        ctime,
        ctime + in.readSigned(),
        in.readSignedInt(),
        in.readSignedInt(),
        in.readSignedInt(),
        in.readVarint(),
        in.readVarintInt(),
        in.readVarintInt(),
        czxid + in.readSigned());
  }
}
