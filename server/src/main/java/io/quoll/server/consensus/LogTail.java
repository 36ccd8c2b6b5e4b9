package io.quoll.server.consensus;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Cuts off the record that was being written to the Raft log when the process was killed.
 *
 * <p>Ratis refuses a log with a broken record, and rightly so: after bit rot the records behind it
 * may have been acknowledged. A torn record is told from a rotten one by what follows: the file is
 * filled with zeros before it is written, so nothing but zeros stands from somewhere inside a torn
 * record to the end of the file. It was never forced to disk, so nobody was told of it.
 */
final class LogTail {
  private static final int HEADER_BYTES = "RaftLog1".length();
  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final int CHUNK_BYTES = 1 << 16;

  private LogTail() {}

  /**
   * Mends the segment that was open, in each group below {@code raftDirectory}.
   *
   * @return the files that were mended
   */
  static List<Path> mend(Path raftDirectory) throws IOException {
    try (Stream<Path> files = Files.walk(raftDirectory, 3)) {
      List<Path> open =
          files.filter(p -> p.getFileName().toString().startsWith("log_inprogress_")).toList();
      List<Path> mended = new ArrayList<>();
      for (Path file : open) {
        if (mendFile(file)) {
          mended.add(file);
        }
      }
      return mended;
    }
  }

  private static boolean mendFile(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long end = endOfBytes(file);
      OptionalLong torn = tornRecord(file, end);
      if (torn.isEmpty()) {
        return false;
      }
      file.setLength(torn.getAsLong());
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    return true;
  }

  /** The place after the last byte that is not zero. */
  private static long endOfBytes(RandomAccessFile file) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (long at = file.length(); at > 0; ) {
      int length = (int) Math.min(CHUNK_BYTES, at);
      at -= length;
      file.seek(at);
      file.readFully(chunk, 0, length);
      for (int i = length - 1; i >= 0; i--) {
        if (chunk[i] != 0) {
          return at + i + 1;
        }
      }
    }
    return 0;
  }

  /** Where the record starts that is torn, if one is: the last, not whole, zeros behind it. */
  private static OptionalLong tornRecord(RandomAccessFile file, long end) throws IOException {
    long at = HEADER_BYTES;
    while (at < end) {
      file.seek(at);
      byte[] prefix = new byte[(int) Math.min(5, file.length() - at)];
      file.readFully(prefix);
      int prefixBytes = varintBytes(prefix);
      long length = prefixBytes < 0 ? -1 : varint(prefix, prefixBytes);
      long next = at + prefixBytes + length + CHECKSUM_BYTES;
      if (prefixBytes < 0 || length < 0) {
        return end <= at + prefix.length ? OptionalLong.of(at) : OptionalLong.empty();
      }
      if (next > file.length() || !checksumFits(file, at, (int) (prefixBytes + length))) {
        return end < next ? OptionalLong.of(at) : OptionalLong.empty();
      }
      at = next;
    }
    return OptionalLong.empty();
  }

  private static boolean checksumFits(RandomAccessFile file, long at, int length)
      throws IOException {
    byte[] record = new byte[length + CHECKSUM_BYTES];
    file.seek(at);
    file.readFully(record);
    CRC32C checksum = new CRC32C();
    checksum.update(record, 0, length);
    return (int) checksum.getValue() == ByteBuffer.wrap(record).getInt(length);
  }

  private static int varintBytes(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private static long varint(byte[] bytes, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (long) (bytes[i] & 0x7f) << (7 * i);
    }
    return value > Integer.MAX_VALUE ? -1 : value;
  }
}
