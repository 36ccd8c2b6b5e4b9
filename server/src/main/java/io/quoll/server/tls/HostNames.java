package io.quoll.server.tls;

import com.google.common.collect.ImmutableSet;
import com.google.common.net.InetAddresses;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a certificate is for: the DNS names and addresses among its subject's alternative
 * names. What the subject itself is called does not count. (RFC 6125.)
 */
final class HostNames {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private HostNames() {}

  /** All of them, as they are written; a name may begin with {@code *.}. */
  static ImmutableSet<String> of(X509Certificate certificate) {
    @Nullable Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException garbled) {
      return ImmutableSet.of();
    }
    ImmutableSet.Builder<String> hosts = ImmutableSet.builder();
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      int kind = (Integer) name.get(0);
      if ((kind == DNS || kind == ADDRESS) && name.get(1) instanceof String text) {
        hosts.add(text);
      }
    }
    return hosts.build();
  }

  /** Whether {@code certificate} is for {@code host}, a name or an address. */
  static boolean match(X509Certificate certificate, String host) {
    return of(certificate).stream().anyMatch(name -> matches(name, host));
  }

  private static boolean matches(String name, String host) {
    if (InetAddresses.isInetAddress(host)) {
      return InetAddresses.isInetAddress(name)
          && InetAddresses.forString(name).equals(InetAddresses.forString(host));
    }
    String pattern = name.toLowerCase(Locale.ROOT);
    String asked = host.toLowerCase(Locale.ROOT);
    if (!pattern.startsWith("*.")) {
      return pattern.equals(asked);
    }
    int dot = asked.indexOf('.'); // The asterisk stands for one label.
    return dot > 0 && asked.substring(dot).equals(pattern.substring(1));
  }
}
