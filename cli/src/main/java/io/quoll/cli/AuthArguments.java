package io.quoll.cli;

import com.google.common.collect.ImmutableList;
import io.quoll.client.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that the tool shows from its start: those of the file that the command line
 * names, else those of the environment. There is no option that takes them themselves, because
 * everybody on the machine can read what stands on a command line. Both have a line {@code
 * scheme:credentials} for each. No message tells anything of them.
 */
final class AuthArguments {
  private static final String VARIABLE = "QUOLL_AUTH";
  private static final String DIGEST = "digest:";
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private AuthArguments() {}

  /**
   * The credentials.
   *
   * @throws IllegalArgumentException if there is no such file, if others than its owner may read or
   *     write it, or if a line spells no credentials
   */
  static ImmutableList<Credentials> of(Optional<Path> file, Map<String, String> environment) {
    if (file.isPresent()) {
      return parse(lines(file.get()), file.get().toString());
    }
    @Nullable String text = environment.get(VARIABLE);
    return text == null ? ImmutableList.of() : parse(text.lines().toList(), VARIABLE);
  }

  private static List<String> lines(Path file) {
    try {
      requirePrivate(file);
      return Files.readAllLines(file);
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException("no such file: " + file, missing);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("cannot read " + file + ": " + unreadable, unreadable);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return; // Nothing tells who may read it.
    }
    if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
      throw new IllegalArgumentException(
          "credentials must be nobody else's to read or write: chmod 600 " + file);
    }
  }

  private static ImmutableList<Credentials> parse(List<String> lines, String source) {
    ImmutableList.Builder<Credentials> credentials = ImmutableList.builder();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isBlank() && !line.startsWith("#")) {
        credentials.add(parse(line, source + ", line " + (i + 1)));
      }
    }
    return credentials.build();
  }

  private static Credentials parse(String line, String where) {
    if (!line.startsWith(DIGEST)) {
      throw new IllegalArgumentException(where + ": must be digest:user:password");
    }
    try {
      return Credentials.parse(line.substring(DIGEST.length()));
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(where + ": must be digest:user:password", malformed);
    }
  }
}
