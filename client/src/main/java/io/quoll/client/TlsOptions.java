package io.quoll.client;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How connections are protected by TLS, 1.2 or 1.3. The server's certificate must be signed by
 * somebody who is trusted and be for the host that the server is called at. All files are PEM, and
 * are read again when they have changed: the next connection uses the new ones.
 *
 * @param trust the certificates of those who may sign the server's; those that Java trusts if it is
 *     absent
 * @param certificate this client's certificate, with those that signed it, for servers that want
 *     one
 * @param key its private key, in the form PKCS#8; in the file of the certificate if it is absent
 */
public record TlsOptions(Optional<Path> trust, Optional<Path> certificate, Optional<Path> key) {
  /** Refuses a key without its certificate. */
  public TlsOptions {
    if (key.isPresent() && certificate.isEmpty()) {
      throw new IllegalArgumentException(
          "the key " + key.get() + " is given without its certificate");
    }
  }

  /** TLS with servers whose certificates are signed by one of those in {@code trust}. */
  public static TlsOptions trusting(Path trust) {
    return new TlsOptions(Optional.of(trust), Optional.empty(), Optional.empty());
  }

  /** TLS with servers that anybody vouches for whom Java trusts. */
  public static TlsOptions trustingAsJavaDoes() {
    return new TlsOptions(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** These options with a file that holds this client's certificate and its key. */
  public TlsOptions withCertificate(Path certificateAndKey) {
    return new TlsOptions(trust, Optional.of(certificateAndKey), Optional.empty());
  }

  /** These options with files that hold this client's certificate and its key. */
  public TlsOptions withCertificate(Path certificates, Path privateKey) {
    return new TlsOptions(trust, Optional.of(certificates), Optional.of(privateKey));
  }
}
