package io.quoll.client;

import com.google.errorprone.annotations.Immutable;

/**
 * A member as the configuration of the ensemble has it.
 *
 * @param id the server's number, 1 to 255
 * @param peerAddress where the other servers reach it, as {@code host:port}; may be empty where one
 *     that is a member is only to have another role
 * @param clientAddress where it takes clients, as {@code host:port}; empty if that is not known
 * @param observer whether it never votes
 */
@Immutable
public record MemberSpec(int id, String peerAddress, String clientAddress, boolean observer) {
  /** This member as ZooKeeper's configuration writes it: {@code server.N=...}. */
  @Override
  public String toString() {
    String port = peerAddress.substring(peerAddress.lastIndexOf(':') + 1);
    return "server.%d=%s:%s:%s%s"
        .formatted(
            id,
            peerAddress,
            port,
            observer ? "observer" : "participant",
            clientAddress.isEmpty() ? "" : ";" + clientAddress);
  }
}
