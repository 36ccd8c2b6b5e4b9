package io.quoll.server.grpc;

import com.google.common.collect.ImmutableList;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.quoll.statemachine.state.Identity;
import java.security.Principal;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client by its certificate, which the transport has verified: its id is the name of the
 * subject, as ZooKeeper spells it (RFC 2253). Thread-safe.
 */
public final class CertificateAuthenticator implements Authenticator {
  private final Optional<X500Principal> superSubject;

  /** Takes a client whose certificate is for {@code superSubject}, if that is given, for super. */
  public CertificateAuthenticator(Optional<X500Principal> superSubject) {
    this.superSubject = superSubject;
  }

  @Override
  public ImmutableList<Identity> identify(Attributes connection) {
    @Nullable SSLSession session = connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return ImmutableList.of();
    }
    try {
      return identities(session.getPeerPrincipal());
    } catch (SSLPeerUnverifiedException withoutCertificate) {
      return ImmutableList.of();
    }
  }

  private ImmutableList<Identity> identities(Principal subject) {
    Identity identity = Identity.of(Identity.X509, subject.getName());
    return superSubject.filter(subject::equals).isPresent()
        ? ImmutableList.of(Identity.SUPER, identity)
        : ImmutableList.of(identity);
  }
}
