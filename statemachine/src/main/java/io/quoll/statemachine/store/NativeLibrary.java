package io.quoll.statemachine.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * RocksDB's native library, which is unpacked to a file of 15 MB to be loaded. RocksDB removes that
 * file when the virtual machine ends by itself, and so leaves one behind for each process that is
 * killed or halts, until the disk is full. Here it goes as soon as it is loaded.
 */
final class NativeLibrary {
  private NativeLibrary() {}

  /** Loads the library, unless it is loaded. */
  static void load() {
    try {
      Path directory = Files.createTempDirectory("quoll-rocksdb");
      NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
      delete(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot unpack the library of RocksDB", failure);
    }
    RocksDB.loadLibrary(); // Finds it loaded, and sets up what goes with it.
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
