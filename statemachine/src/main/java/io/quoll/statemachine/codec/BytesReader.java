package io.quoll.statemachine.codec;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link BytesWriter} wrote. Whatever the bytes are, a method either returns a value or
 * throws {@link CorruptBytesException}, and takes no more memory than the bytes themselves.
 *
 * <p>Confined to one thread.
 */
final class BytesReader {
  private final CodedInputStream in;

  private BytesReader(CodedInputStream in, int length) {
    this.in = in;
    attempt(() -> in.pushLimit(length));
  }

  /** Reads a value that takes up all of {@code bytes}, whose position stays where it is. */
  static <T> T readAll(ByteBuffer bytes, Function<BytesReader, T> layout) {
    CodedInputStream in = CodedInputStream.newInstance(bytes.duplicate());
    return new BytesReader(in, bytes.remaining()).readToEnd(layout);
  }

  /** Reads a value that takes up all of {@code bytes}. */
  static <T> T readAll(byte[] bytes, Function<BytesReader, T> layout) {
    return new BytesReader(CodedInputStream.newInstance(bytes), bytes.length).readToEnd(layout);
  }

  /** Reads a value that {@code bytes} begin with. */
  static <T> T readStart(byte[] bytes, Function<BytesReader, T> layout) {
    return layout.apply(new BytesReader(CodedInputStream.newInstance(bytes), bytes.length));
  }

  private <T> T readToEnd(Function<BytesReader, T> layout) {
    T value = layout.apply(this);
    int left = in.getBytesUntilLimit();
    if (left > 0) {
      throw new CorruptBytesException(left + " bytes are left over");
    }
    return value;
  }

  /** Reads a leading version byte. */
  void expectVersion(int version, String what) {
    int found = readByte();
    if (found != version) {
      throw new CorruptBytesException(
          "%s has version %d, and this software knows %d".formatted(what, found, version));
    }
  }

  /** Reads a leading version byte, of a range, and returns it. */
  int expectVersion(int oldest, int newest, String what) {
    int found = readByte();
    if (found < oldest || found > newest) {
      throw new CorruptBytesException(
          "%s has version %d, and this software knows %d to %d"
              .formatted(what, found, oldest, newest));
    }
    return found;
  }

  int readByte() {
    return attempt(in::readRawByte) & 0xff;
  }

  long readVarint() {
    return attempt(in::readRawVarint64);
  }

  /** Reads a varint that was an int. */
  int readVarintInt() {
    return toInt(readVarint());
  }

  long readSigned() {
    return attempt(in::readSInt64);
  }

  /** Reads a signed that was an int. */
  int readSignedInt() {
    return toInt(readSigned());
  }

  long readFixed() {
    return attempt(in::readRawLittleEndian64);
  }

  String readString() {
    return attempt(in::readStringRequireUtf8);
  }

  ZnodePath readPath() {
    String value = readString();
    try {
      return ZnodePath.of(value);
    } catch (Rejection rejection) {
      throw new CorruptBytesException("not a path: " + rejection.detail(), rejection);
    }
  }

  @Nullable ByteString readData() {
    long lengthAndOne = readVarint();
    if (lengthAndOne == 0) {
      return null;
    }
    return readRaw(lengthAndOne - 1);
  }

  /** Reads one value out of the bytes that were framed for it. */
  <T> T readFramed(Function<BytesReader, T> layout) {
    int length = checkLength(readVarint());
    int outer = attempt(() -> in.pushLimit(length));
    T value = readToEnd(layout);
    in.popLimit(outer);
    return value;
  }

  /** Reads the bytes that were framed, whatever they are. */
  ByteString readFramedBytes() {
    return readRaw(readVarint());
  }

  /** Reads so many bytes, whatever they are. */
  ByteString readRaw(long length) {
    int checked = checkLength(length);
    return UnsafeByteOperations.unsafeWrap(attempt(() -> in.readRawBytes(checked)));
  }

  /** Reads a varint count and as many values of at least one byte each. */
  <T> ImmutableList<T> readList(Function<BytesReader, T> layout) {
    int count = checkLength(readVarint());
    ImmutableList.Builder<T> values = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      values.add(layout.apply(this));
    }
    return values.build();
  }

  private int checkLength(long length) {
    if (length < 0 || length > in.getBytesUntilLimit()) {
      throw new CorruptBytesException(
          "a length of %d where %d bytes are left".formatted(length, in.getBytesUntilLimit()));
    }
    return (int) length;
  }

  private static int toInt(long value) {
    if (value != (int) value) {
      throw new CorruptBytesException(value + " where a number of 32 bits is due");
    }
    return (int) value;
  }

  private interface Read<T> {
    T run() throws IOException;
  }

  private static <T> T attempt(Read<T> read) {
    try {
      return read.run();
    } catch (InvalidProtocolBufferException e) {
      throw new CorruptBytesException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) { // Memory fails only by ending too early.
      throw new CorruptBytesException("the bytes end too early", e);
    }
  }
}
