package io.quoll.cli;

import io.quoll.client.TlsOptions;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how the tool speaks TLS. What stands on the command line counts, then what the file
 * of {@code -client-configuration} says in the words of ZooKeeper, then the environment.
 *
 * @param tls whether TLS is wanted, or plainly not; absent where nothing says so, and then it is
 *     wanted where a file is named
 * @param ca the certificates of those who are trusted
 * @param certificate the tool's own certificate
 * @param key its key
 */
record TlsArguments(
    Optional<Boolean> tls, Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {

  /** What the environment says. */
  static TlsArguments ofEnvironment(Map<String, String> environment) {
    return new TlsArguments(
        text(environment.get("QUOLL_TLS")).map(value -> flag("QUOLL_TLS", value)),
        text(environment.get("QUOLL_CA")).map(Path::of),
        text(environment.get("QUOLL_CERT")).map(Path::of),
        text(environment.get("QUOLL_KEY")).map(Path::of));
  }

  /**
   * What a file of properties says, as zkCli.sh takes it.
   *
   * @throws IllegalArgumentException if it cannot be read, or names a store that is not PEM
   */
  static TlsArguments ofFile(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("cannot read " + file + ": " + unreadable, unreadable);
    }
    String secure = "zookeeper.client.secure";
    return new TlsArguments(
        text(properties.getProperty(secure)).map(value -> flag(secure, value)),
        store(properties, "zookeeper.ssl.trustStore.location"),
        store(properties, "zookeeper.ssl.keyStore.location"),
        Optional.empty());
  }

  private static Optional<Path> store(Properties properties, String name) {
    Optional<Path> path = text(properties.getProperty(name)).map(Path::of);
    if (path.filter(file -> file.toString().matches("(?i).*\\.(jks|p12|pfx|bcfks)")).isPresent()) {
      throw new IllegalArgumentException(name + " must be a PEM file, not " + path.get());
    }
    return path;
  }

  private static Optional<String> text(@Nullable String value) {
    return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static boolean flag(String name, String value) {
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw new IllegalArgumentException(name + " is true or false, not \"" + value + "\"");
    };
  }

  /** These, and what they leave open as {@code others} have it. */
  TlsArguments orElse(TlsArguments others) {
    return new TlsArguments(
        tls.or(others::tls),
        ca.or(others::ca),
        certificate.or(others::certificate),
        // A key belongs to the certificate that it came with.
        certificate.isPresent() ? key : key.or(others::key));
  }

  /**
   * What connections are made with; empty for plaintext.
   *
   * @throws IllegalArgumentException if a key is named without its certificate
   */
  Optional<TlsOptions> options() {
    boolean isFileNamed = Stream.of(ca, certificate, key).anyMatch(Optional::isPresent);
    return tls.orElse(isFileNamed)
        ? Optional.of(new TlsOptions(ca, certificate, key))
        : Optional.empty();
  }
}
