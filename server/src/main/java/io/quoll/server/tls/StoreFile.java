package io.quoll.server.tls;

import com.google.errorprone.annotations.Immutable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file that holds keys or certificates.
 *
 * @param key the key of the configuration that names it, for errors
 * @param path where it is
 * @param form how it holds them
 * @param passphrase what opens it
 */
@Immutable
@SuppressWarnings("Immutable") // Paths of files are.
public record StoreFile(String key, Path path, Form form, Passphrase passphrase) {
  private static final int BYTES_MAX = 1024 * 1024;

  /** How a file holds keys and certificates. */
  public enum Form {
    /** As text, between lines that say what it is. */
    PEM,
    /** As Java's keytool makes it, and OpenSSL by {@code pkcs12}. */
    PKCS12,
    /** As Java's keytool made it before. */
    JKS;

    /** The form that the name of a file tells; PEM where it tells none. */
    public static Form of(Path path) {
      String name = path.toString().toLowerCase(Locale.ROOT);
      if (name.endsWith(".jks")) {
        return JKS;
      }
      return name.endsWith(".p12") || name.endsWith(".pfx") || name.endsWith(".pkcs12")
          ? PKCS12
          : PEM;
    }
  }

  byte[] read() throws TlsFileException {
    try {
      if (Files.isDirectory(path)) {
        throw new TlsFileException(this, "it is a directory");
      }
      if (Files.size(path) > BYTES_MAX) {
        throw new TlsFileException(this, "it has more than " + BYTES_MAX + " bytes");
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException missing) {
      throw new TlsFileException(this, "there is no such file");
    } catch (AccessDeniedException denied) {
      throw new TlsFileException(
          this, "the user %s may not read it".formatted(System.getProperty("user.name")));
    } catch (IOException unreadable) {
      throw new TlsFileException(this, "it cannot be read: " + unreadable);
    }
  }
}
