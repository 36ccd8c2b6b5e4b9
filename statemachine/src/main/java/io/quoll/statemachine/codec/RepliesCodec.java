package io.quoll.statemachine.codec;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import java.util.List;

/**
 * Runs of replies to writes of one session whose numbers follow each other, as the store keeps
 * them; which numbers these are, their key says.
 *
 * <p>Layout: byte version; varint count; each reply framed.
 */
public final class RepliesCodec {
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 8;

  /** What a frame takes beside its bytes, at most. */
  private static final int FRAME_BYTES = 5;

  private RepliesCodec() {}

  /** The bytes of {@code replies}, which are in the order of their numbers. */
  public static byte[] encode(List<ByteString> replies) {
    int bytes = HEADER_BYTES;
    for (ByteString reply : replies) {
      bytes += FRAME_BYTES + reply.size();
    }
    BytesWriter out = new BytesWriter(bytes);
    out.writeByte(VERSION);
    out.writeVarint(replies.size());
    replies.forEach(out::writeFramed);
    return out.toByteArray();
  }

  /**
   * The replies that {@code bytes} stand for.
   *
   * @throws CorruptBytesException if they stand for none, or for some of an unknown version
   */
  public static ImmutableList<ByteString> decode(byte[] bytes) {
    return BytesReader.readAll(bytes, RepliesCodec::read);
  }

  private static ImmutableList<ByteString> read(BytesReader in) {
    in.expectVersion(VERSION, "a run of replies");
    return in.readList(BytesReader::readFramedBytes);
  }
}
