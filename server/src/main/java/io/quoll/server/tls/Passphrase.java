package io.quoll.server.tls;

import com.google.errorprone.annotations.Immutable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What opens a file of keys: none, one that the configuration holds, or one in a file. */
@Immutable
public final class Passphrase {
  /** For files that need none. */
  public static final Passphrase NONE = new Passphrase("", null);

  private final String text;

  @SuppressWarnings("Immutable") // Paths of files are.
  private final @Nullable Path path;

  private Passphrase(String text, @Nullable Path path) {
    this.text = text;
    this.path = path;
  }

  /** This very one. */
  public static Passphrase of(String text) {
    return new Passphrase(text, null);
  }

  /** The one in the file {@code path}, without the end of its line. */
  public static Passphrase in(Path path) {
    return new Passphrase("", path);
  }

  /** Its characters; empty where there is none. */
  char[] read(StoreFile store) throws TlsFileException {
    if (path == null) {
      return text.toCharArray();
    }
    try {
      return Files.readString(path).strip().toCharArray();
    } catch (IOException unreadable) {
      throw new TlsFileException(
          store, "its password cannot be read from " + path + ": " + unreadable);
    }
  }

  /** Without a secret, for what is logged. */
  @Override
  public String toString() {
    return path == null ? (text.isEmpty() ? "none" : "***") : path.toString();
  }
}
