package io.quoll.server.consensus;

/**
 * Who a data directory belongs to.
 *
 * @param serverId the server's number
 * @param clusterName the ensemble's name
 * @param directoryId a random name, given to the directory at its first start
 * @param incarnation grows with every start
 * @param joined whether the server has taken part, so that it must have a log
 */
record NodeIdentity(
    int serverId, String clusterName, String directoryId, long incarnation, boolean joined) {
  /** This identity once the server takes part. */
  NodeIdentity asJoined() {
    return new NodeIdentity(serverId, clusterName, directoryId, incarnation, true);
  }
}
