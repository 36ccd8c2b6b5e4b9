package io.quoll.server.grpc;

import com.google.common.collect.ImmutableList;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.quoll.statemachine.state.Identity;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client by its certificate, which the transport has verified: its id is the name of the
 * subject, as ZooKeeper spells it (RFC 2253). Thread-safe.
 */
public final class CertificateAuthenticator implements Authenticator {
  @Override
  public ImmutableList<Identity> identify(Attributes connection) {
    @Nullable SSLSession session = connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return ImmutableList.of();
    }
    try {
      return ImmutableList.of(Identity.of(Identity.X509, session.getPeerPrincipal().getName()));
    } catch (SSLPeerUnverifiedException withoutCertificate) {
      return ImmutableList.of();
    }
  }
}
