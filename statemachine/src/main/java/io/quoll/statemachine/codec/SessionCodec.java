package io.quoll.statemachine.codec;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Session;

/**
 * Sessions as the store keeps them.
 *
 * <p>Layout: byte version, varint id, data secret, varint timeout, varint epoch, varint last cxid,
 * varint first kept cxid.
 */
public final class SessionCodec {
  private static final int VERSION = 1;
  private static final int USUAL_BYTES = 64;

  private SessionCodec() {}

  /** The bytes of {@code session}. */
  public static byte[] encode(Session session) {
    BytesWriter out = new BytesWriter(USUAL_BYTES);
    out.writeByte(VERSION);
    out.writeVarint(session.id());
    out.writeData(session.secret());
    out.writeVarint(session.timeoutMillis());
    out.writeVarint(session.epoch());
    out.writeVarint(session.lastCxid());
    out.writeVarint(session.firstKeptCxid());
    return out.toByteArray();
  }

  /**
   * The session that {@code bytes} stand for.
   *
   * @throws CorruptBytesException if they stand for none, or for one of an unknown version
   */
  public static Session decode(byte[] bytes) {
    return BytesReader.readAll(bytes, SessionCodec::read);
  }

  private static Session read(BytesReader in) {
    in.expectVersion(VERSION, "a session");
    return new Session(
        in.readVarint(),
        readSecret(in),
        in.readVarint(),
        in.readVarint(),
        in.readVarint(),
        in.readVarint());
  }

  static ByteString readSecret(BytesReader in) {
    ByteString secret = in.readData();
    if (secret == null || secret.size() != Session.SECRET_BYTES) {
      throw new CorruptBytesException("a secret of another length");
    }
    return secret;
  }
}
