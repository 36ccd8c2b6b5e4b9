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
 * @param incarnation the start of the server that last proposed something; grows with every start
 * @param lastSequence the number of that incarnation's last proposal that was applied
 */
@Immutable
public record ServerRecord(
    int serverId, String directoryId, String clientAddress, long incarnation, long lastSequence) {

  /** The record of a server that nothing was heard of yet. */
  public static ServerRecord unknown(int serverId) {
    return new ServerRecord(serverId, "", "", 0, 0);
  }

  /** This record after the proposals of {@code incarnation} up to {@code sequence} were applied. */
  public ServerRecord withSequence(long incarnation, long sequence) {
    return new ServerRecord(serverId, directoryId, clientAddress, incarnation, sequence);
  }

  /** This record after the server registered its directory and its address. */
  public ServerRecord registered(String directoryId, String clientAddress) {
    return new ServerRecord(serverId, directoryId, clientAddress, incarnation, lastSequence);
  }
}
