package io.quoll.cli;

import io.quoll.cli.reply.Format;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.WatchPrinter;
import io.quoll.cli.script.Script;
import io.quoll.cli.script.Single;
import io.quoll.cli.shell.Lines;
import io.quoll.cli.shell.Shell;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.verb.Command;
import io.quoll.cli.verb.UnknownVerbException;
import io.quoll.cli.verb.UsageException;
import io.quoll.cli.verb.Verbs;
import io.quoll.client.QuollException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;

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
  private final Lines.Source lines;
  private final OutputStream data;
  private final OutputStream errors;
  private final ZoneId zone;
  private final Map<String, String> environment;
  private final Verbs verbs;

  /**
   * A tool.
   *
   * @param in where scripts come from
   * @param lines where the lines of a shell come from
   * @param environment the variables of the process
   */
  Tool(
      InputStream in,
      Lines.Source lines,
      OutputStream data,
      OutputStream errors,
      ZoneId zone,
      String version,
      Map<String, String> environment) {
    this.in = in;
    this.lines = lines;
    this.data = data;
    this.errors = errors;
    this.zone = zone;
    this.environment = environment;
    this.verbs = new Verbs(version);
  }

  /** Runs the tool and tells its exit code. */
  int run(String... args) {
    ToolArguments arguments;
    try {
      arguments = ToolArguments.of(args, environment);
    } catch (IllegalArgumentException malformed) {
      return refuse(malformed.getMessage() + "\n" + ToolArguments.USAGE);
    }
    Output output = new Output(data, errors, arguments.format(), zone);
    int exitCode = run(arguments, output);
    output.flush();
    return exitCode;
  }

  /** Says why the tool cannot be run with its arguments, and tells the exit code. */
  int refuse(String why) {
    Output output = new Output(data, errors, Format.TEXT, zone);
    output.error("", why);
    output.flush();
    return FAILED;
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
    return arguments.words().isEmpty()
        ? runShell(arguments, output)
        : runCommand(arguments, output);
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
    try (Ensemble ensemble = ensemble(arguments, output)) {
      new Single(ensemble).run(command, output);
      warnOfEnd(arguments, command, output);
    } catch (QuollException failure) {
      output.error("", command.path(), failure);
    } catch (UsageException wrong) {
      output.error("", String.valueOf(wrong.getMessage()));
    }
    return output.hasFailed() ? FAILED : OK;
  }

  private static Ensemble ensemble(ToolArguments arguments, Output output) {
    try {
      return Ensemble.of(arguments.client(), arguments.session(), new WatchPrinter(output));
    } catch (IllegalArgumentException unusable) { // A file of certificates.
      throw new UsageException(String.valueOf(unusable.getMessage()));
    }
  }

  private void warnOfEnd(ToolArguments arguments, Command command, Output output) {
    if (verbs.syntax(arguments.words().get(0)).isSecret()) {
      output.notice(
          "That ends with this command, and others can read it on a command line: take"
              + " --auth-file or QUOLL_AUTH.");
    }
    if (command instanceof Command.Watching) {
      output.notice("The watch goes with its session, which ends with this command.");
    }
    if (command instanceof Command.Change change && Ensemble.isEphemeral(change.write())) {
      output.notice("The znode goes with its session, which ends with this command.");
    }
  }

  private int runShell(ToolArguments arguments, Output output) {
    ShellEnsembles ensembles = new ShellEnsembles(arguments);
    try (Shell shell = new Shell(verbs, output, ensembles)) {
      shell.run(lines);
      return shell.isForPeople() || !output.hasFailed() ? OK : FAILED;
    } catch (IOException unreadable) {
      output.error("", "cannot read the next line: " + reason(unreadable));
      return FAILED;
    }
  }

  private int runScript(ToolArguments arguments, String file, Output output) {
    try (BufferedReader lines = open(file);
        Ensemble ensemble = ensemble(arguments, output)) {
      new Script(ensemble, verbs, output).run(lines);
    } catch (UsageException wrong) {
      output.error("", String.valueOf(wrong.getMessage()));
    } catch (NoSuchFileException missing) {
      output.error("", "no such file: " + file);
    } catch (IOException unreadable) {
      output.error("", "cannot read " + file + ": " + reason(unreadable));
    }
    return output.hasFailed() ? FAILED : OK;
  }

  private static String reason(IOException unreadable) {
    return unreadable instanceof CharacterCodingException
        ? "it is not UTF-8"
        : String.valueOf(unreadable.getMessage());
  }

  private BufferedReader open(String file) throws IOException {
    return file.equals("-")
        ? new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))
        : Files.newBufferedReader(Path.of(file));
  }
}
