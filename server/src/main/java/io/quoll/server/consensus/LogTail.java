package io.quoll.server.consensus;

import io.quoll.statemachine.ratis.RatisStateMachine;
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
 * may have been acknowledged. A torn record is told from a rotten one by what follows. The file is
 * filled with zeros before it is written, so behind a torn record there are only zeros, and they
 * begin inside it; behind a rotten one there may be whole records, which are looked for. It was
 * never forced to disk, so nobody was told of it. What is not surely torn is left to be refused.
 */
final class LogTail {
  private static final int HEADER_BYTES = "RaftLog1".length();
  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int LENGTH_BYTES_MAX = 5;
  private static final byte TERM_TAG = 1 << 3;

  // An entry, and what Ratis puts around it.
  private static final int RECORD_BYTES_MAX = RatisStateMachine.ENTRY_BYTES_MAX + 64 * 1024;

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

  /** Where the record starts that is torn, if the log ends in one. */
  private static OptionalLong tornRecord(RandomAccessFile file, long end) throws IOException {
    long at = HEADER_BYTES;
    while (at < end) {
      long next = endOfRecord(file, at);
      if (next < 0 || !checksumFits(file, at, next)) {
        return isTorn(file, at, next, end) ? OptionalLong.of(at) : OptionalLong.empty();
      }
      at = next;
    }
    return OptionalLong.empty();
  }

  /** Where the record at {@code at} ends, going by its length; -1 if that makes no sense. */
  private static long endOfRecord(RandomAccessFile file, long at) throws IOException {
    byte[] prefix = new byte[(int) Math.min(LENGTH_BYTES_MAX, file.length() - at)];
    file.seek(at);
    file.readFully(prefix);
    long length = 0;
    for (int i = 0; i < prefix.length; i++) {
      length |= (long) (prefix[i] & 0x7f) << (7 * i);
      if (prefix[i] >= 0) {
        return length > RECORD_BYTES_MAX ? -1 : at + i + 1 + length + CHECKSUM_BYTES;
      }
    }
    return -1;
  }

  private static boolean isTorn(RandomAccessFile file, long at, long next, long end)
      throws IOException {
    if (next < 0) {
      return end - at < LENGTH_BYTES_MAX; // Not even its length was written.
    }
    // A checksum may end in one zero by itself, so a record with no more missing may be rotten.
    boolean endsInZeros = end <= next - 2;
    return endsInZeros && end - at <= RECORD_BYTES_MAX && !holdsRecord(file, at + 1, end);
  }

  /** Whether a whole record starts anywhere from {@code from} on. */
  private static boolean holdsRecord(RandomAccessFile file, long from, long end)
      throws IOException {
    byte[] bytes = new byte[(int) (end - from)];
    file.seek(from);
    file.readFully(bytes);
    for (int i = 0; i + 2 < bytes.length; i++) {
      // A record is a length and an entry, which begins with its term: field 1, a number.
      boolean mayStart = bytes[i] >= 0 ? bytes[i + 1] == TERM_TAG : startsAfterLength(bytes, i);
      if (mayStart) {
        long next = endOfRecord(file, from + i);
        if (next > 0 && next <= file.length() && checksumFits(file, from + i, next)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean startsAfterLength(byte[] bytes, int at) {
    int last = at;
    while (last < bytes.length && last < at + LENGTH_BYTES_MAX && bytes[last] < 0) {
      last++;
    }
    return last + 1 < bytes.length && bytes[last + 1] == TERM_TAG;
  }

  private static boolean checksumFits(RandomAccessFile file, long at, long next)
      throws IOException {
    if (next > file.length()) {
      return false;
    }
    byte[] record = new byte[(int) (next - at)];
    file.seek(at);
    file.readFully(record);
    CRC32C checksum = new CRC32C();
    checksum.update(record, 0, record.length - CHECKSUM_BYTES);
    return (int) checksum.getValue()
        == ByteBuffer.wrap(record).getInt(record.length - CHECKSUM_BYTES);
  }
}
