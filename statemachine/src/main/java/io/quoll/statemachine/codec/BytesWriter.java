package io.quoll.statemachine.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.Ints;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Arrays;
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
  private static final int VARINT_BYTES_MAX = 10;

  private byte[] bytes;
  private int length;

  /** A writer of about {@code bytesExpected}; more fit too. */
  BytesWriter(int bytesExpected) {
    bytes = new byte[Math.max(VARINT_BYTES_MAX, bytesExpected)];
  }

  /** All that was written, without a copy; the writer is done with. */
  ByteString toByteString() {
    return UnsafeByteOperations.unsafeWrap(bytes, 0, length);
  }

  /** All that was written. */
  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  void writeByte(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  void writeVarint(long value) {
    reserve(VARINT_BYTES_MAX);
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[length++] = (byte) left;
  }

  void writeSigned(long value) {
    writeVarint((value << 1) ^ (value >> (Long.SIZE - 1)));
  }

  void writeFixed(long value) {
    reserve(Long.BYTES);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  void writeString(String value) {
    byte[] utf8 = value.getBytes(UTF_8);
    writeVarint(utf8.length);
    reserve(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
  }

  void writeData(@Nullable ByteString data) {
    if (data == null) {
      writeVarint(0);
      return;
    }
    writeVarint(data.size() + 1L);
    writeRaw(data);
  }

  void writeFramed(ByteString layout) {
    writeVarint(layout.size());
    writeRaw(layout);
  }

  private void writeRaw(ByteString raw) {
    reserve(raw.size());
    raw.copyTo(bytes, length);
    length += raw.size();
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Ints.checkedCast(Math.max(2L * length, (long) length + more)));
    }
  }
}
