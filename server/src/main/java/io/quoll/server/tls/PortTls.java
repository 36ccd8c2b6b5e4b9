package io.quoll.server.tls;

import com.google.common.collect.ImmutableList;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * How a port is protected.
 *
 * @param keys shows its certificate
 * @param trust judges that of the other side
 * @param clientAuth whether those who call have to show one
 * @param protocols the versions of TLS that are spoken, by the names of the JDK
 */
public record PortTls(
    X509ExtendedKeyManager keys,
    X509ExtendedTrustManager trust,
    ClientAuth clientAuth,
    ImmutableList<String> protocols) {
  /** Whether those who call have to show a certificate. */
  public enum ClientAuth {
    /** They are not asked for one. */
    NONE,
    /** They are asked; one that is shown must be good. */
    WANT,
    /** They are refused without one. */
    NEED
  }
}
