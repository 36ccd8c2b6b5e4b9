package io.quoll.client;

import com.google.common.base.Ascii;
import com.google.common.base.Throwables;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says what was wrong between a client and a server that could not agree on TLS. */
final class TlsFailure {
  private static final String WANTED = "the server wants a certificate of this client";

  private TlsFailure() {}

  /** What was wrong, if it was about TLS. */
  static Optional<String> explain(Throwable failure) {
    Throwable root = Throwables.getRootCause(failure);
    String text = String.valueOf(root.getMessage());
    String upper = Ascii.toUpperCase(text);
    if (root instanceof CertificateExpiredException) {
      return Optional.of("the server's certificate expired: " + text);
    }
    if (root instanceof CertificateNotYetValidException) {
      return Optional.of("the server's certificate is not valid yet: " + text);
    }
    if (upper.contains("UNABLE TO FIND VALID CERTIFICATION PATH")) {
      return Optional.of("the server's certificate is signed by nobody that is trusted");
    }
    if (upper.contains("SUBJECT ALTERNATIVE") || upper.contains("NO NAME MATCHING")) {
      return Optional.of("the server's certificate is not for this host: " + text);
    }
    if (upper.contains("CERTIFICATE_REQUIRED") || upper.contains("CERTIFICATE REQUIRED")) {
      return Optional.of(WANTED);
    }
    if (upper.contains("NOT AN SSL/TLS RECORD")) {
      return Optional.of("the server speaks plaintext, and no TLS");
    }
    if (upper.contains("FIRST RECEIVED FRAME WAS NOT SETTINGS") && upper.contains("1503")) {
      return Optional.of("the server speaks TLS, and no plaintext");
    }
    if (upper.contains("NETWORK CLOSED FOR UNKNOWN REASON")) {
      return Optional.of(
          "the connection was closed without a word; does the server speak TLS, or plaintext?");
    }
    if (root instanceof SSLException || failure instanceof SSLException) {
      return Optional.of(
          upper.contains("ALERT") ? "the server refuses this client's TLS: " + text : text);
    }
    return Optional.empty();
  }
}
