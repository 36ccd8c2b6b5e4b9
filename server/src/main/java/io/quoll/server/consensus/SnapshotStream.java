package io.quoll.server.consensus;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import io.quoll.statemachine.ratis.SnapshotDirectory.Snapshot;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A snapshot as a sequence of messages: for each file its name and its length, its bytes in chunks,
 * and their checksum; at last an end, without which the snapshot is not whole.
 */
final class SnapshotStream {
  private static final int CHUNK_BYTES = 256 * 1024;
  private static final byte FILE = 1;
  private static final byte CHUNK = 2;
  private static final byte CHECKSUM = 3;
  private static final byte END = 4;

  /** Takes messages one by one, and may block to slow the sender down. */
  interface Sink {
    /** Takes the next message. */
    void accept(byte[] message) throws IOException;
  }

  private SnapshotStream() {}

  /** Sends {@code snapshot}. */
  static void send(Snapshot snapshot, Sink sink) throws IOException {
    try (Stream<Path> files = Files.list(snapshot.path())) {
      List<Path> all = files.sorted().toList();
      for (Path file : all) {
        sendFile(file, sink);
      }
      sink.accept(message(END).toByteArray());
    }
  }

  private static void sendFile(Path file, Sink sink) throws IOException {
    ByteArrayDataOutput head = message(FILE);
    head.writeUTF(file.getFileName().toString());
    head.writeLong(Files.size(file));
    sink.accept(head.toByteArray());
    CRC32C checksum = new CRC32C();
    try (InputStream in = Files.newInputStream(file)) {
      for (byte[] chunk = in.readNBytes(CHUNK_BYTES);
          chunk.length > 0;
          chunk = in.readNBytes(CHUNK_BYTES)) {
        checksum.update(chunk);
        ByteArrayDataOutput body = message(CHUNK);
        body.write(chunk);
        sink.accept(body.toByteArray());
      }
    }
    ByteArrayDataOutput tail = message(CHECKSUM);
    tail.writeLong(checksum.getValue());
    sink.accept(tail.toByteArray());
  }

  private static ByteArrayDataOutput message(byte kind) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeByte(kind);
    return out;
  }

  /**
   * Writes what {@code messages} hold into {@code directory}, and forces it to disk.
   *
   * @throws IOException if the stream ends early, or if a file is not what its sender read
   */
  static void receive(Iterator<byte[]> messages, Path directory) throws IOException {
    while (messages.hasNext()) {
      ByteArrayDataInput head = ByteStreams.newDataInput(messages.next());
      byte kind = head.readByte();
      if (kind == END) {
        force(directory);
        return;
      }
      if (kind != FILE) {
        throw new IOException("expected a file, got a message of kind " + kind);
      }
      receiveFile(directory.resolve(plainName(head.readUTF())), head.readLong(), messages);
    }
    throw new IOException("the snapshot ended early");
  }

  private static String plainName(String name) throws IOException {
    if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith("..")) {
      throw new IOException("not the name of a snapshot's file: " + name);
    }
    return name;
  }

  private static void receiveFile(Path file, long length, Iterator<byte[]> messages)
      throws IOException {
    CRC32C checksum = new CRC32C();
    long received = 0;
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      while (messages.hasNext()) {
        byte[] message = messages.next();
        if (message[0] == CHECKSUM) {
          long expected = ByteStreams.newDataInput(message, 1).readLong();
          if (received != length || expected != checksum.getValue()) {
            throw new IOException(file.getFileName() + " was damaged on its way");
          }
          out.getChannel().force(true);
          return;
        }
        out.write(message, 1, message.length - 1);
        checksum.update(message, 1, message.length - 1);
        received += message.length - 1;
      }
    }
    throw new IOException("the snapshot ended within " + file.getFileName());
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
