package io.quoll.cli.certs;

import com.google.common.collect.ImmutableList;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * A private key with its certificate.
 *
 * @param key the key
 * @param certificates the certificate, and behind it those that signed it, without the root
 */
public record Issued(PrivateKey key, ImmutableList<X509Certificate> certificates) {
  private static final int LINE_CHARACTERS = 64;

  /** The certificate itself. */
  public X509Certificate certificate() {
    return certificates.get(0);
  }

  /** The key and the certificates, as PEM. */
  public String pem() {
    return keyPem() + certificatesPem();
  }

  /** The key, as PEM. */
  public String keyPem() {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /** The certificates, as PEM. */
  public String certificatesPem() {
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate certificate : certificates) {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      }
    } catch (GeneralSecurityException impossible) { // They were encoded to be signed.
      throw new IllegalStateException(impossible);
    }
    return text.toString();
  }

  private static String block(String label, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label,
            Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(bytes),
            label);
  }
}
