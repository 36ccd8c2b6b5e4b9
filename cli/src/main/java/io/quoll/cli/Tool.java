package io.quoll.cli;

import io.quoll.cli.reply.Format;
import io.quoll.cli.reply.Output;
import io.quoll.cli.script.Script;
import io.quoll.cli.script.Single;
import io.quoll.cli.verb.Command;
import io.quoll.cli.verb.UnknownVerbException;
import io.quoll.cli.verb.UsageException;
import io.quoll.cli.verb.Verbs;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;

/**
 * The tool without the process around it.
 *
 * <p>Confined to one thread.
 */
final class Tool {
  /** All went well. */
  static final int OK = 0;

  /** The command line is wrong, or a command failed. */
  static final int FAILED = 1;

  /** There is no such command. */
  static final int UNKNOWN_COMMAND = 127;

  private final InputStream in;
  private final OutputStream data;
  private final OutputStream errors;
  private final ZoneId zone;
  private final Verbs verbs;

  Tool(InputStream in, OutputStream data, OutputStream errors, ZoneId zone, String version) {
    this.in = in;
    this.data = data;
    this.errors = errors;
    this.zone = zone;
    this.verbs = new Verbs(version);
  }

  /** Runs the tool and tells its exit code. */
  int run(String... args) {
    ToolArguments arguments;
    try {
      arguments = ToolArguments.of(args);
    } catch (IllegalArgumentException malformed) {
      Output output = new Output(data, errors, Format.TEXT, zone);
      output.error("", malformed.getMessage() + "\n" + ToolArguments.USAGE);
      output.flush();
      return FAILED;
    }
    Output output = new Output(data, errors, arguments.format(), zone);
    int exitCode = run(arguments, output);
    output.flush();
    return exitCode;
  }

  private int run(ToolArguments arguments, Output output) {
    if (arguments.wantsHelp()) {
      printUsage(output);
      return OK;
    }
    if (arguments.script().isPresent() && !arguments.words().isEmpty()) {
      output.error("", "give a command or a script by -f, not both: " + arguments.words());
      return FAILED;
    }
    if (arguments.script().isPresent()) {
      return runScript(arguments, arguments.script().get(), output);
    }
    if (arguments.words().isEmpty()) {
      printUsage(output);
      return FAILED;
    }
    return runCommand(arguments, output);
  }

  private void printUsage(Output output) {
    output.notice(ToolArguments.USAGE);
    verbs.usages().forEach(usage -> output.notice("\t" + usage));
  }

  private int runCommand(ToolArguments arguments, Output output) {
    Command command;
    try {
      command = verbs.parse(arguments.words(), output::notice);
    } catch (UnknownVerbException unknown) {
      output.error("", String.valueOf(unknown.getMessage()));
      return UNKNOWN_COMMAND;
    } catch (UsageException wrong) {
      output.error("", String.valueOf(wrong.getMessage()));
      return FAILED;
    }
    try (QuollClient client = QuollClient.open(arguments.client())) {
      new Single(client).run(command, output);
      return OK;
    } catch (QuollException failure) {
      output.error("", command.path(), failure);
      return FAILED;
    }
  }

  private int runScript(ToolArguments arguments, String file, Output output) {
    try (BufferedReader lines = open(file);
        QuollClient client = QuollClient.open(arguments.client())) {
      new Script(client, verbs, output).run(lines);
    } catch (NoSuchFileException missing) {
      output.error("", "no such file: " + file);
    } catch (IOException unreadable) {
      output.error("", "cannot read " + file + ": " + unreadable.getMessage());
    }
    return output.hasFailed() ? FAILED : OK;
  }

  private BufferedReader open(String file) throws IOException {
    return file.equals("-")
        ? new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
        : Files.newBufferedReader(Path.of(file));
  }
}
