package io.quoll.server.tls;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableSet;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trusts members: the right signature, and the right host. Whom it refuses it tells in the log, for
 * nobody else does. Thread-safe.
 */
final class PeerTrustManager extends X509ExtendedTrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(PeerTrustManager.class);

  private final X509ExtendedTrustManager signatures;
  private final boolean verifiesServers;
  private final Supplier<ImmutableSet<String>> hosts;
  private final RareLines lines = new RareLines();

  PeerTrustManager(
      X509ExtendedTrustManager signatures,
      boolean verifiesServers,
      Supplier<ImmutableSet<String>> hosts) {
    this.signatures = signatures;
    this.verifiesServers = verifiesServers;
    this.hosts = hosts;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    told("A caller at the port between the servers", chain, () -> checkCaller(chain, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    told("A caller at the port between the servers", chain, () -> checkCaller(chain, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    told("A caller at the port between the servers", chain, () -> checkCaller(chain, authType));
  }

  private void checkCaller(X509Certificate[] chain, String authType) throws CertificateException {
    signatures.checkClientTrusted(chain, authType);
    ImmutableSet<String> members = hosts.get();
    if (!members.isEmpty() && members.stream().noneMatch(host -> HostNames.match(chain[0], host))) {
      throw new CertificateException(
          "it is for the hosts %s, and the servers are at %s"
              .formatted(HostNames.of(chain[0]), members));
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    told(
        "The server at " + engine.getPeerHost() + ":" + engine.getPeerPort(),
        chain,
        () -> {
          if (verifiesServers) {
            signatures.checkServerTrusted(chain, authType, engine);
          } else {
            signatures.checkServerTrusted(chain, authType);
          }
        });
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    signatures.checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    signatures.checkServerTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return signatures.getAcceptedIssuers();
  }

  private interface Check {
    void run() throws CertificateException;
  }

  private void told(String who, X509Certificate[] chain, Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateException refused) {
      String line =
          "%s shows a certificate of \"%s\" that is refused: %s"
              .formatted(
                  who,
                  chain[0].getSubjectX500Principal(),
                  Throwables.getRootCause(refused).getMessage());
      if (lines.isDue(line)) {
        LOG.warn(line);
      }
      throw refused;
    }
  }
}
