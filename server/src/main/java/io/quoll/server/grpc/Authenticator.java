package io.quoll.server.grpc;

import com.google.common.collect.ImmutableList;
import io.grpc.Attributes;
import io.quoll.statemachine.state.Identity;

/**
 * Tells who is at the other end of a connection, by what the connection itself has proved. Asked
 * once for each connection, when it is made and before any call. Thread-safe; waits for nothing.
 */
public interface Authenticator {
  /**
   * Who it is; empty if the connection proves nothing.
   *
   * @param connection what the transport knows, under the keys of {@link io.grpc.Grpc}
   */
  ImmutableList<Identity> identify(Attributes connection);
}
