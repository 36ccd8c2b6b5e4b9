package io.quoll.statemachine.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the primitives that all layouts of this package are made of, into memory:
 *
 * <ul>
 *   <li><i>byte</i>: one byte
 *   <li><i>varint</i>: seven bits a byte, the lowest first; a negative number takes ten
 *   <li><i>signed</i>: a varint of the zigzag form, so that -1 takes one byte
 *   <li><i>fixed</i>: eight bytes, the lowest first
 *   <li><i>string</i>: the varint length, then UTF-8
 *   <li><i>data</i>: 0 for null, else the varint length + 1, then the bytes
 *   <li><i>framed</i>: the varint length, then the bytes of another layout
 * </ul>
 *
 * <p>Confined to one thread.
 */
final class BytesWriter {
  private static final int BUFFER_BYTES_MIN = 128;
  private static final int BUFFER_BYTES_MAX = 4096;

  private final ByteString.Output bytes;
  private final CodedOutputStream out;

  /** A writer of about {@code bytesExpected}; more fit too. */
  BytesWriter(int bytesExpected) {
    bytes = ByteString.newOutput(bytesExpected);
    int buffer = Math.max(BUFFER_BYTES_MIN, Math.min(bytesExpected, BUFFER_BYTES_MAX));
    out = CodedOutputStream.newInstance(bytes, buffer);
  }

  /** All that was written; the writer is done with. */
  ByteString toByteString() {
    attempt(out::flush);
    return bytes.toByteString();
  }

  void writeByte(int value) {
    attempt(() -> out.write((byte) value));
  }

  void writeVarint(long value) {
    attempt(() -> out.writeUInt64NoTag(value));
  }

  void writeSigned(long value) {
    attempt(() -> out.writeSInt64NoTag(value));
  }

  void writeFixed(long value) {
    attempt(() -> out.writeFixed64NoTag(value));
  }

  void writeString(String value) {
    attempt(() -> out.writeStringNoTag(value));
  }

  void writeData(@Nullable ByteString data) {
    if (data == null) {
      writeVarint(0);
      return;
    }
    writeVarint(data.size() + 1L);
    attempt(() -> out.writeRawBytes(data));
  }

  void writeFramed(ByteString layout) {
    attempt(() -> out.writeBytesNoTag(layout));
  }

  private interface Write {
    void run() throws IOException;
  }

  private static void attempt(Write write) {
    try {
      write.run();
    } catch (IOException e) { // Memory does not fail.
      throw new UncheckedIOException(e);
    }
  }
}
