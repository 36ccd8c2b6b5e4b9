package io.quoll.integration.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What processes have used, as Linux counts it.
 *
 * @param cpuSeconds on all processors, in the processes and in the kernel for them
 * @param residentBytes how much memory they have now, files that they mapped included
 * @param writtenBytes how much they have made the kernel write to disks at some time. It counts
 *     whole pages, and in newer kernels the many pages that are kept as one, of which one byte was
 *     written
 */
record Usage(double cpuSeconds, long residentBytes, long writtenBytes) {
  private static final double TICKS_A_SECOND = 100; // The same on all Linux for years.
  private static final long KILO = 1_024;

  /** What one process has used. */
  static Usage of(long pid) {
    Path process = Path.of("/proc", Long.toString(pid));
    try {
      return parse(
          Files.readString(process.resolve("stat")),
          Files.readAllLines(process.resolve("status")),
          Files.readAllLines(process.resolve("io")));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static Usage parse(String stat, List<String> status, List<String> io) {
    // The fields after the name of the program, which may hold spaces.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    return new Usage(
        ticks / TICKS_A_SECOND, number(status, "VmRSS:") * KILO, number(io, "write_bytes:"));
  }

  private static long number(List<String> lines, String name) {
    String line =
        lines.stream()
            .filter(each -> each.startsWith(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no " + name + " in " + lines));
    return Long.parseLong(line.substring(name.length()).strip().split("\\s", 2)[0]);
  }

  /** What both have used together. */
  Usage plus(Usage other) {
    return new Usage(
        cpuSeconds + other.cpuSeconds,
        residentBytes + other.residentBytes,
        writtenBytes + other.writtenBytes);
  }

  /** What was used since then, with the memory of now. */
  Usage since(Usage before) {
    return new Usage(
        cpuSeconds - before.cpuSeconds, residentBytes, writtenBytes - before.writtenBytes);
  }
}
