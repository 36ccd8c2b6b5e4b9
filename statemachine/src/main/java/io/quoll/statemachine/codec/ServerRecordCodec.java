package io.quoll.statemachine.codec;

import io.quoll.statemachine.state.ServerRecord;

/**
 * Server records as the store keeps them.
 *
 * <p>Layout: byte version, varint server id, string directory id, string client address, varint
 * incarnation, varint last sequence, string peer address. Version 1 had no peer address.
 */
public final class ServerRecordCodec {
  private static final int VERSION = 2;
  private static final int WITHOUT_PEER_ADDRESS = 1;
  private static final int USUAL_BYTES = 128;

  private ServerRecordCodec() {}

  /** The bytes of {@code server}. */
  public static byte[] encode(ServerRecord server) {
    BytesWriter out = new BytesWriter(USUAL_BYTES);
    out.writeByte(VERSION);
    out.writeVarint(server.serverId());
    out.writeString(server.directoryId());
    out.writeString(server.clientAddress());
    out.writeVarint(server.incarnation());
    out.writeVarint(server.lastSequence());
    out.writeString(server.peerAddress());
    return out.toByteArray();
  }

  /**
   * The record that {@code bytes} stand for.
   *
   * @throws CorruptBytesException if they stand for none, or for one of an unknown version
   */
  public static ServerRecord decode(byte[] bytes) {
    return BytesReader.readAll(bytes, ServerRecordCodec::read);
  }

  private static ServerRecord read(BytesReader in) {
    int version = in.expectVersion(WITHOUT_PEER_ADDRESS, VERSION, "a server record");
    ServerRecord record =
        new ServerRecord(
            in.readVarintInt(), in.readString(), in.readString(), in.readVarint(), in.readVarint());
    return version == WITHOUT_PEER_ADDRESS ? record : record.withPeerAddress(in.readString());
  }
}
