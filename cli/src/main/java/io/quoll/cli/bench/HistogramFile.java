package io.quoll.cli.bench;

import java.io.FileNotFoundException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/**
 * A file of histograms of microseconds, one for each second, in the log format of HdrHistogram,
 * whose tools read it.
 *
 * <p>Confined to one thread.
 */
public final class HistogramFile implements AutoCloseable {
  private static final double MILLI = 1_000;

  private final HistogramLogWriter writer;

  /** Begins a file; {@code about} is a comment at its beginning. */
  public HistogramFile(Path file, String about) {
    try {
      writer =
          new HistogramLogWriter(new PrintStream(file.toFile(), StandardCharsets.UTF_8.name()));
    } catch (FileNotFoundException | java.io.UnsupportedEncodingException unwritable) {
      throw new UncheckedIOException("cannot write " + file, unwritable);
    }
    writer.outputLogFormatVersion();
    writer.outputComment("[" + about + "; microseconds, maxima in milliseconds]");
    writer.outputLegend();
  }

  /** Adds what was recorded in a second. */
  void add(Histogram interval) {
    writer.outputIntervalHistogram(
        interval.getStartTimeStamp() / MILLI, interval.getEndTimeStamp() / MILLI, interval, MILLI);
  }

  @Override
  public void close() {
    writer.close();
  }

  /** All that a file holds, in one histogram. */
  public static Histogram sumOf(Path file) {
    Histogram sum = Latencies.histogram();
    try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
      while (reader.hasNext()) {
        @Nullable EncodableHistogram next = reader.nextIntervalHistogram();
        if (next instanceof Histogram interval) {
          sum.add(interval);
        }
      }
    } catch (FileNotFoundException missing) {
      throw new UncheckedIOException(missing);
    }
    return sum;
  }
}
