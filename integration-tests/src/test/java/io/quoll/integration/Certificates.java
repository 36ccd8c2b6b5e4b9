package io.quoll.integration;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.quoll.cli.certs.CertificateAuthority;
import io.quoll.cli.certs.Issued;
import io.quoll.client.TlsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Certificates for servers on loopback and their clients, in a folder: the authority in {@code
 * ca.pem}, one for all servers in {@code server.pem}, one of a client in {@code client.pem}.
 */
final class Certificates {
  static final String HOST = "127.0.0.1";

  private final Path folder;
  private final CertificateAuthority authority;

  private Certificates(Path folder, CertificateAuthority authority) {
    this.folder = folder;
    this.authority = authority;
  }

  /** Good ones, in a folder of that name. */
  static Certificates make(String name) {
    Path folder = Path.of("target", "ensembles", name + "-certificates").toAbsolutePath();
    Certificates made = new Certificates(folder, authority("first"));
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    made.write("ca.pem", made.authority.own().certificatesPem());
    made.write("server.pem", made.server(HOST).pem());
    made.write("client.pem", made.client().pem());
    return made;
  }

  /** An authority that nobody trusts yet. */
  static CertificateAuthority authority(String name) {
    Instant now = Instant.now();
    return CertificateAuthority.create(name, now.minusSeconds(3600), now.plus(Duration.ofDays(2)));
  }

  CertificateAuthority authority() {
    return authority;
  }

  /** A good certificate of a server at {@code host}. */
  Issued server(String host) {
    return serverOf(authority, host);
  }

  static Issued serverOf(CertificateAuthority signer, String host) {
    Instant now = Instant.now();
    return signer.server("server", List.of(host), now.minusSeconds(3600), now.plusSeconds(86_400));
  }

  /** A good certificate of a client. */
  Issued client() {
    return clientOf(authority);
  }

  static Issued clientOf(CertificateAuthority signer) {
    Instant now = Instant.now();
    return signer.client("client", now.minusSeconds(3600), now.plusSeconds(86_400));
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Replaces a file at once, as those do who replace certificates with care. */
  Path write(String name, String text) {
    try {
      Path next = Files.writeString(folder.resolve(name + ".next"), text);
      return Files.move(next, file(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The lines of the configuration that protect both ports by these files. */
  String[] settings() {
    return new String[] {
      "ssl.keyStore.location=" + file("server.pem"),
      "ssl.trustStore.location=" + file("ca.pem"),
      "sslQuorum=true"
    };
  }

  /** What a client needs that is served. */
  TlsOptions options() {
    return TlsOptions.trusting(file("ca.pem")).withCertificate(file("client.pem"));
  }

  /** The same for gRPC, as it is now. */
  SslContext context() {
    try {
      return GrpcSslContexts.forClient()
          .trustManager(file("ca.pem").toFile())
          .keyManager(file("client.pem").toFile(), file("client.pem").toFile())
          .build();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
