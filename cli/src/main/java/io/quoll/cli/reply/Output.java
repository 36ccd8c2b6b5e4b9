package io.quoll.cli.reply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.quoll.client.Applied;
import io.quoll.client.QuollException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the tool prints: data to one stream, notices and errors to the other. Both are buffered;
 * what is printed to one comes after all that was printed to the other before. What comes beside
 * the answers, such as events, is handed on at once, and never in the middle of a line.
 *
 * <p>Thread-safe.
 */
public final class Output {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final OutputStream data;
  private final OutputStream errors;
  private final Format format;
  private final ZoneId zone;

  @GuardedBy("this")
  private @Nullable ObjectMapper mapper;

  @GuardedBy("this")
  private boolean errorsAreNext;

  @GuardedBy("this")
  private boolean hasFailed;

  @GuardedBy("this")
  private @Nullable Consumer<String> screen;

  /**
   * An output.
   *
   * @param zone the time zone that times are printed in
   */
  public Output(OutputStream data, OutputStream errors, Format format, ZoneId zone) {
    this.data = new BufferedOutputStream(data, BUFFER_BYTES);
    this.errors = new BufferedOutputStream(errors, BUFFER_BYTES);
    this.format = format;
    this.zone = zone;
  }

  /** How replies are printed. */
  public Format format() {
    return format;
  }

  /** The time zone that times are printed in. */
  public ZoneId zone() {
    return zone;
  }

  /** Whether an error was printed, or a command failed otherwise. */
  public synchronized boolean hasFailed() {
    return hasFailed;
  }

  /** From now on {@link #hasFailed} is true, though no error was printed. */
  public synchronized void fail() {
    hasFailed = true;
  }

  /** Prints what a command has to say. */
  public synchronized void reply(Reply reply) {
    switch (format) {
      case TEXT -> reply.print(this);
      case JSON -> line(json(reply.json()));
    }
  }

  /** A line of data. */
  public void line(String text) {
    write(false, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes of data as they are, and the end of a line. */
  public void bytes(ByteString bytes) {
    write(false, bytes.toByteArray());
  }

  /** A line beside the data, that is no error. */
  public synchronized void notice(String text) {
    besideData(format == Format.TEXT ? text : json(Map.of("notice", text)));
  }

  private void besideData(String line) {
    write(true, line.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * From now on hands what comes beside the answers to a screen that somebody types on, instead of
   * to the streams.
   *
   * @param lines takes whole lines; it is never called twice at a time
   */
  public synchronized void showBesideOn(Consumer<String> lines) {
    screen = lines;
  }

  /**
   * Prints something that a watch saw, at once.
   *
   * @param lines for people
   * @param document for programs
   */
  public synchronized void event(String lines, Map<String, Object> document) {
    beside(false, lines, document);
  }

  /** Prints how a session stands, at once, as {@link #event} does but beside the data. */
  public synchronized void state(String lines, Map<String, Object> document) {
    beside(true, lines, document);
  }

  private synchronized void beside(boolean toErrors, String lines, Map<String, Object> document) {
    String text = format == Format.TEXT ? lines : json(document);
    if (screen == null) {
      write(toErrors, text.getBytes(StandardCharsets.UTF_8));
      flush();
      return;
    }
    flush();
    screen.accept(text);
  }

  /**
   * The error of a command.
   *
   * @param where what to put in front, such as the number of the line; may be empty
   * @param named the path that the command named, which is the one ZooKeeper's shell tells; but
   *     where the command is about all below it too, the one at fault says more
   */
  public synchronized void error(String where, String named, QuollException failure) {
    String path = failure.path().filter(fault -> isBelow(fault, named)).orElse(named);
    String text = ErrorText.of(failure, path);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("error", failure.code().name());
    document.put("path", path);
    document.put("applied", failure.applied().name());
    document.put("message", text);
    boolean isOpen = failure.applied() == Applied.UNKNOWN;
    error(where, isOpen ? text + "\n  whether it took effect is not known" : text, document);
  }

  private static boolean isBelow(String path, String named) {
    return !named.isEmpty() && path.startsWith(named.equals("/") ? "/" : named + "/");
  }

  /** An error in words: of the command line, or of a line of a script. */
  public synchronized void error(String where, String text) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("error", "USAGE");
    document.put("message", text);
    error(where, text, document);
  }

  /** An error that is no failure of a request, under a name of its own for programs. */
  public synchronized void failure(String name, String text, Map<String, Object> details) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("error", name);
    document.put("message", text);
    document.putAll(details);
    error("", text, document);
  }

  private synchronized void error(String where, String text, Map<String, Object> document) {
    hasFailed = true;
    if (format == Format.TEXT) {
      besideData(where.isEmpty() ? text : where + ": " + text);
      return;
    }
    if (!where.isEmpty()) {
      document.put("at", where);
    }
    besideData(json(document));
  }

  /** Hands on all that was printed. */
  public synchronized void flush() {
    try {
      data.flush();
      errors.flush();
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }

  private synchronized String json(Map<String, Object> document) {
    if (mapper == null) { // Takes long to start, and most runs need none.
      mapper = new ObjectMapper();
    }
    try {
      return mapper.writeValueAsString(document);
    } catch (JsonProcessingException notData) {
      throw new UncheckedIOException(notData);
    }
  }

  private synchronized void write(boolean toErrors, byte[] line) {
    try {
      if (toErrors != errorsAreNext) {
        flush();
        errorsAreNext = toErrors;
      }
      OutputStream stream = toErrors ? errors : data;
      stream.write(line);
      stream.write('\n');
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }
}
