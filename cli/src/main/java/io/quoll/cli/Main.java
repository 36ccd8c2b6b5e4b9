package io.quoll.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.Properties;

/** The process around the tool. */
public final class Main {
  private Main() {}

  /** Runs the tool and ends the process with its exit code. */
  public static void main(String[] args) {
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
