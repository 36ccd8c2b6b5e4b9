package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;

/**
 * What the replicated state knows of one server of the ensemble. There is one for every server that
 * ever took part, which is how a voter that lost its disk is told from a new one.
 *
 * @param serverId the server's number, its {@code myid}
 * @param directoryId the random name of the data directory that the server took part with; empty
 *     until it registered
 * @param clientAddress where the server takes clients, as {@code host:port}; empty until it
 *     registered
 * @param peerAddress where the other members reach the server, as {@code host:port}; kept when it
 *     is removed, for they know it by that until they are started again; empty if it never was a
 *     member
 * @param incarnation the start of the server that last proposed something; grows with every start
 * @param lastSequence the number of that incarnation's last proposal that was applied
 */
@Immutable
public record ServerRecord(
    int serverId,
    String directoryId,
    String clientAddress,
    String peerAddress,
    long incarnation,
    long lastSequence) {

  /** The record of a server whose address is not known. */
  public ServerRecord(
      int serverId, String directoryId, String clientAddress, long incarnation, long lastSequence) {
    this(serverId, directoryId, clientAddress, "", incarnation, lastSequence);
  }

  /** The record of a server that nothing was heard of yet. */
  public static ServerRecord unknown(int serverId) {
    return new ServerRecord(serverId, "", "", 0, 0);
  }

  /** This record after the proposals of {@code incarnation} up to {@code sequence} were applied. */
  public ServerRecord withSequence(long incarnation, long sequence) {
    return new ServerRecord(
        serverId, directoryId, clientAddress, peerAddress, incarnation, sequence);
  }

  /** This record after the server registered its directory and its address. */
  public ServerRecord registered(String directoryId, String clientAddress) {
    return new ServerRecord(
        serverId, directoryId, clientAddress, peerAddress, incarnation, lastSequence);
  }

  /** This record when the server is a member at that address. */
  public ServerRecord withPeerAddress(String address) {
    return new ServerRecord(
        serverId, directoryId, clientAddress, address, incarnation, lastSequence);
  }

  /**
   * This record when the server is no member any more: whoever takes part under its number next may
   * have another data directory.
   */
  public ServerRecord removed() {
    return new ServerRecord(serverId, "", "", peerAddress, incarnation, lastSequence);
  }
}
