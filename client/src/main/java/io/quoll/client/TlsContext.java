package io.quoll.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * What the files of {@link TlsOptions} hold, read again when they have changed. Files that cannot
 * be used then leave what was there before. Thread-safe.
 */
final class TlsContext {
  private final TlsOptions options;

  @GuardedBy("this")
  private SslContext context;

  @GuardedBy("this")
  private List<String> versions;

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException if they cannot be used, with a message that names the file
   */
  TlsContext(TlsOptions options) {
    this.options = options;
    this.versions = versions(options);
    this.context = read(options);
  }

  /** What the next connection is to use. */
  synchronized SslContext current() {
    List<String> now = versions(options);
    if (!now.equals(versions)) {
      try {
        context = read(options);
        versions = now;
      } catch (IllegalArgumentException unusable) {
        // They may be half replaced; the next connection looks again.
        return context;
      }
    }
    return context;
  }

  private static List<String> versions(TlsOptions options) {
    List<String> versions = new ArrayList<>();
    options.trust().ifPresent(file -> versions.add(version(file)));
    options.certificate().ifPresent(file -> versions.add(version(file)));
    options.key().ifPresent(file -> versions.add(version(file)));
    return versions;
  }

  private static String version(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return "%s %s %s"
          .formatted(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    } catch (IOException unreadable) {
      return "unreadable";
    }
  }

  private static SslContext read(TlsOptions options) {
    SslContextBuilder builder = GrpcSslContexts.forClient().protocols("TLSv1.3", "TLSv1.2");
    options.trust().ifPresent(file -> trust(builder, file));
    options
        .certificate()
        .ifPresent(file -> show(builder, file, options.key().orElse(file), options.key()));
    try {
      return builder.build();
    } catch (SSLException impossible) {
      throw new IllegalStateException("this machine's TLS takes no such settings", impossible);
    }
  }

  private static void trust(SslContextBuilder builder, Path file) {
    requireReadable(file);
    try {
      var unused = builder.trustManager(file.toFile());
    } catch (IllegalArgumentException unusable) {
      throw new IllegalArgumentException(file + " holds no certificates", unusable);
    }
  }

  private static void show(
      SslContextBuilder builder, Path certificate, Path key, Optional<Path> apart) {
    requireReadable(certificate);
    requireReadable(key);
    try {
      var unused = builder.keyManager(certificate.toFile(), key.toFile());
    } catch (IllegalArgumentException unusable) {
      throw new IllegalArgumentException(
          apart.isPresent()
              ? "%s and %s hold no certificate and its key in the form PKCS#8"
                  .formatted(certificate, key)
              : certificate + " holds no certificate, or not its key in the form PKCS#8",
          unusable);
    }
  }

  private static void requireReadable(Path file) {
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(file + ": there is no such file");
    }
    if (Files.isDirectory(file) || !Files.isReadable(file)) {
      throw new IllegalArgumentException(file + " cannot be read");
    }
  }
}
