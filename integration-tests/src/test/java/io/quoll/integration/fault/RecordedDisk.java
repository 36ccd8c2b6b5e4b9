package io.quoll.integration.fault;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The disk of one server: what it does is written down, it can end its process at a step, and it
 * knows what a loss of power would leave. Not thread-safe.
 */
final class RecordedDisk {
  private static final int COPY_SECONDS_MAX = 120;

  private final Path data;
  private final Path mirror;
  private final Path contents;
  private final Path trace;
  private final Path launcher;

  /** The disk of the server whose folder that is; {@link #command} starts it. */
  RecordedDisk(Path folder) {
    data = folder.resolve("data").toAbsolutePath();
    mirror = data.resolveSibling("mirror");
    contents = data.resolveSibling("mirror.files");
    trace = data.resolveSibling("trace");
    launcher = data.resolveSibling("launch");
  }

  /** What the command of the server begins with: a script that {@link #record} writes. */
  ImmutableList<String> command() {
    return ImmutableList.of(launcher.toString());
  }

  /** The next process does to this disk what it likes, and nothing is known of it. */
  void ignore() {
    writeLauncher(List.of());
  }

  /**
   * The next process is recorded; what is there by now is durable.
   *
   * @param end where the process is killed, if it is
   * @param loss what {@link #lose} is to leave
   */
  void record(Optional<CrashPoint> end, Loss loss) {
    deleteAll(mirror);
    deleteAll(contents);
    List<String> environment = new ArrayList<>();
    environment.add("LD_PRELOAD=" + Preload.library().orElseThrow());
    environment.add("DISK_BELOW=" + data);
    environment.add("DISK_TRACE=" + trace);
    end.ifPresent(point -> environment.add("DISK_KILL=" + point));
    if (loss != Loss.NOTHING) {
      copy(data, mirror);
      create(contents);
      environment.add("DISK_MIRROR=" + mirror);
      environment.add("DISK_NAMES=" + (loss == Loss.UNFORCED_DATA ? "early" : "forced"));
    }
    try {
      Files.deleteIfExists(trace);
      Files.createFile(trace);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    writeLauncher(environment);
  }

  private void writeLauncher(List<String> environment) {
    StringBuilder script = new StringBuilder("#!/bin/sh\nexec env");
    environment.forEach(each -> script.append(" '").append(each).append("'"));
    script.append(" \"$@\"\n");
    try {
      Files.createDirectories(launcher.getParent());
      Files.writeString(launcher, script);
      Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Once the process is gone: leaves what a loss of power would have left. */
  void lose() {
    if (Files.exists(mirror)) {
      deleteAll(data);
      move(mirror, data);
    }
  }

  /** The steps of the last process, in their order. */
  ImmutableList<CrashPoint> steps() {
    try {
      return Files.readAllLines(trace).stream()
          .map(CrashPoint::of)
          .collect(ImmutableList.toImmutableList());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Takes everything away but what makes it this server's disk. */
  void clear() {
    try {
      String number = Files.exists(myId()) ? Files.readString(myId()) : "";
      deleteAll(data);
      Files.createDirectories(data);
      if (!number.isEmpty()) {
        Files.writeString(myId(), number);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Path myId() {
    return data.resolve("myid");
  }

  /** Keeps a copy of all that is there; hard links stay what they are. */
  void keepAs(String name) {
    deleteAll(data.resolveSibling(name));
    copy(data, data.resolveSibling(name));
  }

  /** Brings back what was kept. */
  void bringBack(String name) {
    deleteAll(data);
    copy(data.resolveSibling(name), data);
  }

  private static void copy(Path from, Path to) {
    try {
      Process copy = new ProcessBuilder("cp", "-a", "" + from, "" + to).inheritIO().start();
      if (!copy.waitFor(COPY_SECONDS_MAX, TimeUnit.SECONDS) || copy.exitValue() != 0) {
        throw new IllegalStateException("cannot copy " + from);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static void create(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void deleteAll(Path path) {
    try {
      if (Files.exists(path)) {
        MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
