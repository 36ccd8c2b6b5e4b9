package io.quoll.statemachine.codec;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.RecordedReply;
import io.quoll.statemachine.command.Result;

/**
 * The replies that are recorded for sessions.
 *
 * <p>Layout: byte version, varint zxid, {@linkplain ResultCodec result}. All replicas record the
 * same bytes.
 */
public final class ReplyCodec {
  private static final int VERSION = 1;
  private static final int USUAL_BYTES = 128;

  private ReplyCodec() {}

  /** The bytes of {@code reply}, whose result is no {@link Result.Recorded}. */
  public static ByteString encode(RecordedReply reply) {
    BytesWriter out = new BytesWriter(USUAL_BYTES);
    out.writeByte(VERSION);
    out.writeVarint(reply.zxid());
    ResultCodec.write(reply.result(), out);
    return out.toByteString();
  }

  /**
   * The reply that {@code bytes} stand for.
   *
   * @throws CorruptBytesException if they stand for none, or for one of an unknown version
   */
  public static RecordedReply decode(ByteString bytes) {
    return BytesReader.readAll(bytes.asReadOnlyByteBuffer(), ReplyCodec::read);
  }

  private static RecordedReply read(BytesReader in) {
    in.expectVersion(VERSION, "a reply");
    return new RecordedReply(in.readVarint(), ResultCodec.read(in));
  }
}
