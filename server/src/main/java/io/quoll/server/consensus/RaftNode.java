package io.quoll.server.consensus;

import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import io.quoll.statemachine.ratis.RatisStateMachine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;

/** Ratis' server on this node, with the one group that it takes part in. */
final class RaftNode implements AutoCloseable {
  private final ConsensusConfig config;
  private final Peer self;
  private final RaftServer server;
  private final RaftGroup group;

  private RaftNode(ConsensusConfig config, Peer self, RaftServer server, RaftGroup group) {
    this.config = config;
    this.self = self;
    this.server = server;
    this.group = group;
  }

  /** A server that is not started yet, and will also serve {@code peerService} to the members. */
  static RaftNode build(
      ConsensusConfig config,
      Peer self,
      RatisStateMachine stateMachine,
      ServerServiceDefinition peerService)
      throws IOException {
    RaftProperties properties = RatisSettings.of(config, self);
    Parameters parameters = new Parameters();
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters,
        (builder, types) ->
            builder
                // A hand-off to another thread would cost each message more than what it asks for.
                .directExecutor()
                .addService(peerService)
                .intercept(PeerService.peersOnly())
                .permitKeepAliveTime(PeerChannels.KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true));
    RaftGroup group = group(config);
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(peer(self).getId())
            .setGroup(group)
            .setStateMachine(stateMachine)
            .setProperties(properties)
            .setParameters(parameters)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    return new RaftNode(config, self, server, group);
  }

  private static RaftGroup group(ConsensusConfig config) {
    // From the name, so that all members know it before they have met.
    UUID id =
        UUID.nameUUIDFromBytes(("quoll:" + config.clusterName()).getBytes(StandardCharsets.UTF_8));
    List<RaftPeer> peers = config.peers().stream().map(RaftNode::peer).toList();
    return RaftGroup.valueOf(RaftGroupId.valueOf(id), peers);
  }

  private static RaftPeer peer(Peer peer) {
    return RaftPeer.newBuilder()
        .setId(Integer.toString(peer.serverId()))
        .setAddress(peer.host() + ":" + peer.port())
        .setStartupRole(peer.observer() ? RaftPeerRole.LISTENER : RaftPeerRole.FOLLOWER)
        .build();
  }

  /**
   * Takes part from now on.
   *
   * @param appliedIndex the last log entry that the store holds
   * @throws StartupException {@code PORT_IN_USE}; {@code BAD_DATA_DIRECTORY} if the log is damaged
   *     or begins behind the store
   */
  Replica start(long appliedIndex) throws IOException {
    requireFreePort();
    try {
      server.start();
    } catch (IOException e) {
      throw badLog("cannot be read: " + e.getMessage());
    }
    requireSameMembers();
    Replica replica = new Replica(server, group.getGroupId());
    long logStart = server.getDivision(group.getGroupId()).getRaftLog().getStartIndex();
    if (logStart > appliedIndex + 1) {
      throw badLog(
          "begins at entry %d, and the store ends at %d: the store was lost or is an old copy"
              .formatted(logStart, appliedIndex));
    }
    return replica;
  }

  /** Ratis goes by the members that it wrote down when the ensemble was formed. */
  private void requireSameMembers() throws IOException {
    String configured = describe(group.getPeers());
    String formed = describe(server.getDivision(group.getGroupId()).getGroup().getPeers());
    if (config.peers().size() > 1 && !configured.equals(formed)) {
      throw new StartupException(
          ExitCode.BAD_CONFIGURATION,
          """
          the server.N lines name the members %s, but the ensemble was formed of %s; members and \
          their addresses cannot be changed yet"""
              .formatted(configured, formed));
    }
  }

  private static String describe(Collection<RaftPeer> peers) {
    return peers.stream()
        .map(peer -> peer.getId() + "=" + peer.getAddress())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private void requireFreePort() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(self.host(), self.port()));
    } catch (IOException e) {
      throw PeerService.portTaken(self, e);
    }
  }

  private StartupException badLog(String why) {
    return new StartupException(
        ExitCode.BAD_DATA_DIRECTORY,
        """
        the Raft log in %s %s. Remove server %d from the ensemble, empty its directories and add it \
        under a new number"""
            .formatted(DataDirectory.raftDirectory(config), why, config.serverId()));
  }

  /** Stops taking part; a snapshot is taken, so that the next start has nothing to apply. */
  @Override
  public void close() throws IOException {
    server.close();
  }
}
