package io.quoll.cli;

import io.quoll.cli.shell.Completion;
import io.quoll.cli.shell.Lines;
import io.quoll.cli.shell.PlainLines;
import io.quoll.cli.shell.TerminalLines;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The process around the tool. */
public final class Main {
  // Held on to, for the JDK forgets the level of a logger that nobody holds.
  private static final Logger NETWORK_LOG = Logger.getLogger("io.grpc");

  private static final Logger TERMINAL_LOG = Logger.getLogger("org.jline");

  private Main() {}

  /** Runs the tool and ends the process with its exit code. */
  public static void main(String[] args) {
    NETWORK_LOG.setLevel(Level.OFF); // What a person should know of it, the tool says itself.
    TERMINAL_LOG.setLevel(Level.OFF);
    Tool tool =
        new Tool(
            System.in,
            Main::lines,
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            ZoneId.systemDefault(),
            version(),
            System.getenv());
    System.exit(run(tool, args));
  }

  private static Lines lines(Completion completion) throws IOException {
    return TerminalLines.ofThisProcess(completion, home())
        .orElseGet(() -> new PlainLines(System.in));
  }

  /** As the environment says; the JDK would ask the list of users. */
  private static Path home() {
    @Nullable String home = System.getenv("HOME");
    return Path.of(home == null || home.isEmpty() ? System.getProperty("user.home", "") : home);
  }

  private static int run(Tool tool, String[] args) {
    try {
      Optional<String> fault = RawArguments.fault(args);
      return fault.isPresent() ? tool.refuse(fault.get()) : tool.run(args);
    } catch (IOException
        | UncheckedIOException closed) { // Whoever read the output has seen enough.
      return Tool.FAILED;
    }
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream resource = Main.class.getResourceAsStream("version.properties")) {
      properties.load(resource);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return properties.getProperty("version", "unknown");
  }
}
