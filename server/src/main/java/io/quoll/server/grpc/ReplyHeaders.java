package io.quoll.server.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quoll.api.v1.ResponseHeader;
import io.quoll.server.coordination.Consensus;
import java.util.UUID;

/** Writes the header that comes with every reply. Thread-safe. */
final class ReplyHeaders {
  private final String clusterId;
  private final int serverId;
  private final Consensus consensus;

  ReplyHeaders(String clusterName, int serverId, Consensus consensus) {
    this.clusterId = clusterId(clusterName);
    this.serverId = serverId;
    this.consensus = consensus;
  }

  // Derived from the name, so that all servers tell the same one without having to agree on it.
  static String clusterId(String clusterName) {
    return UUID.nameUUIDFromBytes(("quoll:" + clusterName).getBytes(UTF_8)).toString();
  }

  /** The header of a reply that includes all up to {@code zxid}. */
  ResponseHeader at(long zxid) {
    return ResponseHeader.newBuilder()
        .setClusterId(clusterId)
        .setServerId(serverId)
        .setTerm(consensus.term())
        .setZxid(zxid)
        .build();
  }
}
