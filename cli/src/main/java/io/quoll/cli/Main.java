package io.quoll.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The process around the tool. */
public final class Main {
  // Held on to, for the JDK forgets the level of a logger that nobody holds.
  private static final Logger NETWORK_LOG = Logger.getLogger("io.grpc");

  private Main() {}

  /** Runs the tool and ends the process with its exit code. */
  public static void main(String[] args) {
    NETWORK_LOG.setLevel(Level.OFF); // What a person should know of it, the tool says itself.
    Tool tool =
        new Tool(
            System.in,
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            ZoneId.systemDefault(),
            version());
    System.exit(run(tool, args));
  }

  private static int run(Tool tool, String[] args) {
    try {
      return tool.run(args);
    } catch (UncheckedIOException closed) { // Whoever read the output has seen enough.
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
