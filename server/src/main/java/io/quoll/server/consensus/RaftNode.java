package io.quoll.server.consensus;

import com.google.common.base.Throwables;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import io.quoll.statemachine.ratis.RatisStateMachine;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ratis' server on this node, with the one group that it takes part in. */
final class RaftNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);

  private final ConsensusConfig config;
  private final Peer self;
  private final RaftServer server;
  private final RaftGroup group;

  private RaftNode(ConsensusConfig config, RaftServer server, RaftGroup group) {
    this.config = config;
    this.self = config.self();
    this.server = server;
    this.group = group;
  }

  /**
   * A server that is not started yet, and will also serve {@code peerService} to the members.
   *
   * @param members who the members are, until the log says it
   */
  static RaftNode build(
      ConsensusConfig config,
      Membership members,
      RatisStateMachine stateMachine,
      ServerServiceDefinition peerService)
      throws IOException {
    DirectChannels.install();
    RaftProperties properties = RatisSettings.of(config, config.self());
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
    config.tls().ifPresent(tls -> GrpcConfigKeys.TLS.setConf(parameters, PeerTls.ofRatis(tls)));
    RaftGroup group = RaftGroup.valueOf(groupId(config.clusterName()), RaftPeers.all(members));
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeers.id(config.serverId()))
            .setGroup(group)
            .setStateMachine(stateMachine)
            .setProperties(properties)
            .setParameters(parameters)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    return new RaftNode(config, server, group);
  }

  /**
   * The name of the group, from that of the ensemble, so that all members know it before they met.
   */
  static RaftGroupId groupId(String clusterName) {
    return RaftGroupId.valueOf(
        UUID.nameUUIDFromBytes(("quoll:" + clusterName).getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Takes part from now on.
   *
   * @param appliedIndex the last log entry that the store holds
   * @param joins whether this server is no member yet
   * @throws StartupException {@code PORT_IN_USE}; {@code BAD_DATA_DIRECTORY} if the log is damaged
   *     or begins behind the store
   */
  Replica start(long appliedIndex, boolean joins) throws IOException {
    requireFreePort();
    try {
      server.start();
    } catch (IOException e) {
      throw badLog("cannot be read: " + e.getMessage());
    } catch (CompletionException e) {
      throw startFailure(e);
    }
    Replica replica = new Replica(server, group.getGroupId());
    if (!joins) {
      requireMembership(replica);
    }
    long logStart = server.getDivision(group.getGroupId()).getRaftLog().getStartIndex();
    if (logStart > appliedIndex + 1) {
      throw badLog(
          "begins at entry %d, and the store ends at %d: the store was lost or is an old copy"
              .formatted(logStart, appliedIndex));
    }
    return replica;
  }

  /** Ratis reads the log on a thread of its own, and wraps what it finds there. */
  private RuntimeException startFailure(CompletionException failure) {
    return Throwables.getCausalChain(failure).stream()
        .filter(IOException.class::isInstance)
        .findFirst()
        .<RuntimeException>map(damage -> badLog("cannot be read: " + damage.getMessage()))
        .orElse(failure);
  }

  /**
   * The log says who the members are, whatever the configuration says, which mattered when the
   * ensemble was formed. (ADR 0023.)
   */
  private void requireMembership(Replica replica) {
    if (!replica.knowsMembers()) {
      return;
    }
    Membership members = replica.members();
    Member self = config.selfAsMember();
    Member known =
        members
            .find(config.serverId())
            .orElseThrow(() -> MemberInquiry.removed(config.serverId(), members));
    boolean isAlone = members.members().size() == 1;
    if (!isAlone && !known.peerAddress().equals(self.peerAddress())) {
      throw new StartupException(
          ExitCode.BAD_CONFIGURATION,
          """
          the server.%d line says %s, but the other members know this server at %s: put that back, \
          or remove the server and add it under another number\
          """
              .formatted(config.serverId(), self.peerAddress(), known.peerAddress()));
    }
    if (!isAlone && !isTold(members)) {
      LOG.warn(
          "The server.N lines of the configuration are not who the members are, and do not count:"
              + " {}",
          members.members());
    }
  }

  private boolean isTold(Membership members) {
    return members.members().stream()
        .allMatch(
            member ->
                config
                    .configuredMembers()
                    .find(member.serverId())
                    .filter(line -> line.peerAddress().equals(member.peerAddress()))
                    .filter(line -> line.observer() == member.observer())
                    .isPresent());
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
        under a new number\
        """
            .formatted(DataDirectory.raftDirectory(config), why, config.serverId()));
  }

  /** Stops taking part; a snapshot is taken, so that the next start has nothing to apply. */
  @Override
  public void close() throws IOException {
    server.close();
  }
}
