package io.quoll.cli;

import io.quoll.cli.shell.PlainLines;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Map;
import java.util.stream.Stream;

/** One run of the tool: its exit code and what it printed. */
record Run(int exitCode, String out, String err) {
  /** Runs the tool against a server. */
  static Run at(String server, String... args) {
    return script(
        "", Stream.concat(Stream.of("-server", server), Stream.of(args)).toArray(String[]::new));
  }

  /** Runs the tool with {@code input} on its standard input. */
  static Run script(String input, String... args) {
    return script(input.getBytes(StandardCharsets.UTF_8), args);
  }

  /** Runs the tool with bytes on its standard input. */
  static Run script(byte[] input, String... args) {
    return in(Map.of(), input, args);
  }

  /** Runs the tool with variables of its environment. */
  static Run in(Map<String, String> environment, byte[] input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ByteArrayInputStream in = new ByteArrayInputStream(input);
    // This zone prints as UTC, where ZoneOffset.UTC would print as Z.
    int exitCode =
        new Tool(
                in,
                completion -> new PlainLines(in),
                out,
                err,
                ZoneId.of("UTC"),
                "1.2.3",
                environment)
            .run(args);
    return new Run(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
