package io.quoll.integration.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A disk, or a part of one, whose writes Linux counts, whoever makes them: the file system for its
 * own journal too. Thread-safe.
 *
 * @param statistics the file that Linux tells them in
 */
record Disk(Path statistics) {
  private static final Path DISKS = Path.of("/sys/dev/block");
  private static final int SECTOR_BYTES = 512; // In that file, whatever the disk's own are.
  private static final int SECTORS_WRITTEN = 6;

  /** The disk that the folder is on; empty if its file system is on none, or on several. */
  static Optional<Disk> of(Path folder) {
    try {
      long device = (long) Files.getAttribute(folder, "unix:dev");
      Disk disk = new Disk(DISKS.resolve(name(device)).resolve("stat"));
      return Files.isReadable(disk.statistics) ? Optional.of(disk) : Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What Linux calls the device: its major and its minor number, which are packed into one. */
  static String name(long device) {
    long major = (device >> 8 & 0xfff) | (device >> 32 & ~0xfffL);
    long minor = (device & 0xff) | (device >> 12 & 0xffffff00L);
    return major + ":" + minor;
  }

  /** How much was written to it since the machine was started. */
  long writtenBytes() {
    try {
      return writtenBytes(Files.readString(statistics));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static long writtenBytes(String statistics) {
    return Long.parseLong(statistics.strip().split("\\s+", -1)[SECTORS_WRITTEN]) * SECTOR_BYTES;
  }
}
