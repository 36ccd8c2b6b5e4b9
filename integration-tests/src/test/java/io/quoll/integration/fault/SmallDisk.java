package io.quoll.integration.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A disk in memory that can be filled, mounted at a directory; needs root. Not thread-safe. */
final class SmallDisk implements AutoCloseable {
  private static final int MEBIBYTES = 320;
  private static final int BLOCK_BYTES = 64 * 1024;

  private final Path directory;
  private final Path filler;

  private SmallDisk(Path directory) {
    this.directory = directory;
    this.filler = directory.resolve("filler");
  }

  /** Mounts a disk at {@code directory}, whose one file {@code myid} is put there again. */
  static SmallDisk mountedAt(Path directory) {
    try {
      Path myId = directory.resolve("myid");
      String number = Files.readString(myId);
      String size = "size=%dm".formatted(MEBIBYTES);
      if (run("mount", "-t", "tmpfs", "-o", size, "quoll-it", directory.toString()) != 0) {
        throw new IOException("no disk can be mounted at " + directory);
      }
      SmallDisk disk = new SmallDisk(directory);
      Runtime.getRuntime().addShutdownHook(new Thread(disk::close));
      Files.writeString(myId, number);
      return disk;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Leaves no room. */
  void fill() {
    byte[] block = new byte[BLOCK_BYTES];
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (long written = 0; written <= (long) MEBIBYTES << 20; written += BLOCK_BYTES) {
        out.write(block);
      }
    } catch (IOException full) {
      return;
    }
    throw new IllegalStateException(directory + " was not filled");
  }

  /** Makes room again. */
  void empty() {
    try {
      Files.deleteIfExists(filler);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int run(String... command) {
    try {
      Process process = new ProcessBuilder(command).start();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException(String.join(" ", command) + " does not end");
      }
      return process.exitValue();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Takes the disk away with all that is on it; nobody may use it any more. */
  @Override
  public void close() {
    run("umount", "-l", directory.toString());
  }
}
