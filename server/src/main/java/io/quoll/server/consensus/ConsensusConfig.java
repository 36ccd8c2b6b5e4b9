package io.quoll.server.consensus;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.quoll.server.tls.PortTls;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What consensus has to know of this node and its ensemble.
 *
 * @param serverId this node's number, 1 to 255
 * @param clusterName tells this ensemble from others that a node could be mixed up with
 * @param peers all members, this node among them
 * @param dataDirectory where the node keeps its identity, its store and its snapshots
 * @param logDirectory where it keeps the Raft log; may be {@code dataDirectory}
 * @param clientAddress where it takes clients, as {@code host:port}, told to the other members
 * @param version the version of the software, told to whoever asks
 * @param snapshotEntries how many log entries after a snapshot the next is taken
 * @param snapshotLogBytes how many bytes of log after a snapshot the next is taken
 * @param snapshotInterval how long after a snapshot the next is taken, if anything was applied
 * @param logEntriesKept how many log entries are kept behind a snapshot, for members that were away
 *     for a while
 * @param logSegmentBytes the size of a file of the log; only whole files are removed
 * @param tls how the traffic between members is protected; empty if it is plaintext
 */
public record ConsensusConfig(
    int serverId,
    String clusterName,
    ImmutableList<Peer> peers,
    Path dataDirectory,
    Path logDirectory,
    String clientAddress,
    String version,
    long snapshotEntries,
    long snapshotLogBytes,
    Duration snapshotInterval,
    int logEntriesKept,
    long logSegmentBytes,
    Optional<PortTls> tls) {
  /**
   * A member of the ensemble.
   *
   * @param serverId its number
   * @param host the name or address that its peers reach it at, and that it binds to
   * @param port the port of the traffic between peers
   * @param observer whether it never votes
   * @param clientAddress where it takes clients, as {@code host:port}; empty if it is the only
   *     member and cannot be joined by others
   */
  public record Peer(int serverId, String host, int port, boolean observer, String clientAddress) {
    /** The member as an ensemble knows it. */
    Member member() {
      return new Member(serverId, host + ":" + port, clientAddress, observer);
    }
  }

  /** The members that the configuration names. */
  Membership configuredMembers() {
    return new Membership(
        peers.stream()
            .map(peer -> peer.serverId() == serverId ? selfAsMember() : peer.member())
            .collect(toImmutableList()));
  }

  /** This node as a member of its ensemble. */
  Member selfAsMember() {
    Member line = self().member();
    return new Member(
        serverId,
        line.peerAddress(),
        isStandalone() ? "" : clientAddress, // Other keys of the file may say more than the line.
        line.observer());
  }

  /** Whether this node has no address at which others could reach it. */
  boolean isStandalone() {
    return self().clientAddress().isEmpty();
  }

  /** This node as its own configuration describes it. */
  Peer self() {
    return peers.stream()
        .filter(peer -> peer.serverId() == serverId)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("this node is no member"));
  }
}
