package io.quoll.server.grpc;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.quoll.statemachine.state.Identities;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Finds out, when a connection is made, who is at its other end. Thread-safe. */
final class ConnectionIdentities extends ServerTransportFilter {
  private static final Attributes.Key<Identities> IDENTITIES =
      Attributes.Key.create("quoll-identities");

  private final ImmutableList<Authenticator> authenticators;

  ConnectionIdentities(ImmutableList<Authenticator> authenticators) {
    this.authenticators = authenticators;
  }

  @Override
  public Attributes transportReady(Attributes connection) {
    Identities identities = Identities.from(address(connection));
    for (Authenticator authenticator : authenticators) {
      identities = identities.and(authenticator.identify(connection));
    }
    return connection.toBuilder().set(IDENTITIES, identities).build();
  }

  private static ByteString address(Attributes connection) {
    return connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress remote
            && remote.getAddress() != null
        ? ByteString.copyFrom(remote.getAddress().getAddress())
        : ByteString.EMPTY;
  }

  /** Who is at the other end of the connection that a call with these attributes came by. */
  static Identities of(Attributes call) {
    @Nullable Identities identities = call.get(IDENTITIES);
    return identities == null ? Identities.NONE : identities;
  }
}
