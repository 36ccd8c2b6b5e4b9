package io.quoll.client.backup;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A backup in a file. It gets its name only when it is whole and on disk, by a rename: what has a
 * backup's name and was not damaged later is a backup. Thread-safe.
 */
public final class BackupFile {
  /** What the names of files end with that are named here. */
  public static final String SUFFIX = ".quollbackup";

  private static final String INCOMPLETE_SUFFIX = ".incomplete";
  private static final byte[] MAGIC = "QUOLL-BACKUP".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int LENGTH_BYTES_MAX = 5;

  /** More than the largest znode takes; what claims to be larger is damaged. */
  private static final int PART_BYTES_MAX = 8 << 20;

  private final Path path;

  private BackupFile(Path path) {
    this.path = path;
  }

  /** The file at {@code path}, whether it is there or not. */
  public static BackupFile at(Path path) {
    return new BackupFile(path);
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * Writes a backup.
   *
   * @param parts the parts, as they come: each a {@code BackupPart} of the contract, encoded
   * @throws FileAlreadyExistsException if there is such a file already, which stays
   * @throws BadBackupException if the parts make no whole backup; there is no file then
   * @throws IOException if the file cannot be written; there is none then
   */
  public BackupInfo write(Iterator<ByteString> parts) throws IOException {
    if (Files.exists(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    Path incomplete = path.resolveSibling(path.getFileName() + INCOMPLETE_SUFFIX);
    try {
      BackupInfo info = writeTo(incomplete, parts);
      Files.move(incomplete, path, StandardCopyOption.ATOMIC_MOVE);
      forceParent();
      return info;
    } finally {
      Files.deleteIfExists(incomplete);
    }
  }

  private static BackupInfo writeTo(Path file, Iterator<ByteString> parts) throws IOException {
    BackupCheck check = new BackupCheck();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
      out.write(MAGIC);
      while (parts.hasNext()) {
        ByteString part = parts.next();
        check.accept(part);
        writeLength(part.size(), out);
        part.writeTo(out);
      }
      BackupInfo info = check.whole();
      out.flush();
      channel.force(true);
      return info;
    }
  }

  private static void writeLength(int length, OutputStream out) throws IOException {
    CodedOutputStream coded = CodedOutputStream.newInstance(out, LENGTH_BYTES_MAX);
    coded.writeUInt32NoTag(length);
    coded.flush();
  }

  private void forceParent() throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /**
   * Reads all of the file against its checksums.
   *
   * @throws BadBackupException if it is no backup, or not whole, or of a newer form
   */
  public BackupInfo verify() throws IOException {
    return read(part -> {});
  }

  /** Takes the parts of a backup, one after the other. */
  public interface Sink {
    /** Takes the next part, which was checked: a {@code BackupPart} of the contract, encoded. */
    void accept(ByteString part) throws IOException;
  }

  /**
   * Reads all of the file, and hands on its parts.
   *
   * @throws BadBackupException as {@link #verify} does, maybe after many parts
   */
  public BackupInfo read(Sink sink) throws IOException {
    BackupCheck check = new BackupCheck();
    try (InputStream in = open()) {
      for (ByteString part = next(in); part != null; part = next(in)) {
        check.accept(part);
        sink.accept(part);
      }
    }
    return check.whole();
  }

  /**
   * What the file begins with; tells nothing of whether it is whole.
   *
   * @throws BadBackupException if it begins as no backup does
   */
  public BackupInfo peek() throws IOException {
    BackupCheck check = new BackupCheck();
    try (InputStream in = open()) {
      ByteString first = next(in);
      if (first != null) {
        check.accept(first);
      }
    }
    return check.begun();
  }

  private InputStream open() throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
    try {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new BadBackupException("it is no backup of Quoll");
      }
      return in;
    } catch (IOException failure) {
      in.close();
      throw failure;
    }
  }

  /** The next part, or null at the end of the file. */
  private static @Nullable ByteString next(InputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    try {
      int length = CodedInputStream.readRawVarint32(first, in);
      if (length < 0 || length > PART_BYTES_MAX) {
        throw new BadBackupException(
            "the backup is garbled: it has a part of " + length + " bytes");
      }
      byte[] part = in.readNBytes(length);
      if (part.length < length) {
        throw new BadBackupException("the backup is cut off");
      }
      return ByteString.copyFrom(part);
    } catch (InvalidProtocolBufferException garbled) {
      throw new BadBackupException("the backup is cut off or garbled", garbled);
    }
  }
}
