package io.quoll.server;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lines of a configuration file, {@code key=value} each, in the syntax of zoo.cfg: empty lines
 * and those that start with {@code #} are comments. Every error names the file and the line.
 */
final class ConfigFile {
  private final Path path;
  private final ImmutableMap<String, Line> lines;

  /** A value, and where it stands. */
  record Line(int number, String value) {}

  private ConfigFile(Path path, ImmutableMap<String, Line> lines) {
    this.path = path;
    this.lines = lines;
  }

  /**
   * Reads {@code path}.
   *
   * @throws StartupException {@code BAD_CONFIGURATION} if it cannot be read, if a line is no {@code
   *     key=value}, or if a key comes twice
   */
  static ConfigFile read(Path path) {
    Map<String, Line> lines = new LinkedHashMap<>();
    List<String> text = text(path);
    for (int i = 0; i < text.size(); i++) {
      String line = text.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int number = i + 1;
      int equals = line.indexOf('=');
      if (equals <= 0) {
        throw bad(path, number, "\"" + line + "\" is not of the form key=value");
      }
      String key = line.substring(0, equals).strip();
      Line before = lines.putIfAbsent(key, new Line(number, line.substring(equals + 1).strip()));
      if (before != null) {
        throw bad(path, number, key + " is set twice, first in line " + before.number());
      }
    }
    return new ConfigFile(path, ImmutableMap.copyOf(lines));
  }

  private static List<String> text(Path path) {
    if (!Files.exists(path)) {
      throw bad(path + ": there is no such file; name the configuration with --config FILE");
    }
    try {
      return Files.readAllLines(path);
    } catch (MalformedInputException failure) {
      throw bad(path + ": it is not UTF-8 text");
    } catch (IOException failure) {
      throw bad(path + ": it cannot be read: " + failure);
    }
  }

  private static StartupException bad(Path path, int line, String message) {
    return bad(path + ":" + line + ": " + message);
  }

  private static StartupException bad(String message) {
    return new StartupException(ExitCode.BAD_CONFIGURATION, message);
  }

  /** The keys with their lines, in the order of the file. */
  ImmutableMap<String, Line> lines() {
    return lines;
  }

  /** The value of {@code key}, if it is set. */
  Optional<String> value(String key) {
    return Optional.ofNullable(lines.get(key)).map(Line::value);
  }

  /**
   * The value of {@code key}; an error unless it is a number from {@code least} to {@code most}.
   */
  int number(String key, int byDefault, int least, int most) {
    Line line = lines.get(key);
    if (line == null) {
      return byDefault;
    }
    try {
      int number = Integer.parseInt(line.value());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, in the same words as a number out of range.
    }
    throw error(key, "takes a number from %d to %d, not \"%s\"", least, most, line.value());
  }

  /** The value of {@code key}; an error unless it is {@code true} or {@code false}. */
  boolean flag(String key, boolean byDefault) {
    String value = value(key).orElse(Boolean.toString(byDefault));
    if (!value.equals("true") && !value.equals("false")) {
      throw error(key, "takes true or false, not \"%s\"", value);
    }
    return value.equals("true");
  }

  /** The value of {@code key}, which is a TCP port. */
  int port(String key, int byDefault) {
    return number(key, byDefault, 1, 65_535);
  }

  /** An error in the line of {@code key}. */
  @FormatMethod
  StartupException error(String key, @FormatString String message, Object... values) {
    Line line = lines.get(key);
    String text = key + " " + message.formatted(values);
    return line == null ? bad(path + ": " + text) : bad(path, line.number(), text);
  }

  /** A warning about the line of {@code key}. */
  String warning(String key, String message) {
    Line line = lines.get(key);
    return path + (line == null ? "" : ":" + line.number()) + ": " + message;
  }
}
