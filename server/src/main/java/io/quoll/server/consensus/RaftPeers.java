package io.quoll.server.consensus;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;

/** Members as Ratis knows them, with the addresses for clients, which it only keeps. */
final class RaftPeers {
  private RaftPeers() {}

  static RaftPeerId id(int serverId) {
    return RaftPeerId.valueOf(Integer.toString(serverId));
  }

  private static RaftPeer peer(Member member) {
    RaftPeer.Builder peer =
        RaftPeer.newBuilder()
            .setId(id(member.serverId()))
            .setAddress(member.peerAddress())
            .setStartupRole(member.observer() ? RaftPeerRole.LISTENER : RaftPeerRole.FOLLOWER);
    return member.clientAddress().isEmpty()
        ? peer.build()
        : peer.setClientAddress(member.clientAddress()).build();
  }

  static ImmutableList<RaftPeer> all(Membership members) {
    return members.members().stream().map(RaftPeers::peer).collect(toImmutableList());
  }

  static ImmutableList<RaftPeer> voters(Membership members) {
    return members.voters().stream().map(RaftPeers::peer).collect(toImmutableList());
  }

  static ImmutableList<RaftPeer> observers(Membership members) {
    return members.members().stream()
        .filter(Member::observer)
        .map(RaftPeers::peer)
        .collect(toImmutableList());
  }

  /**
   * Who the members are by {@code configuration}; while they change, those from before and after,
   * each in the role that it is to have.
   */
  static Membership membership(RaftConfiguration configuration) {
    Membership members =
        new Membership(
            configuration.getAllPeers(RaftPeerRole.LISTENER).stream()
                .map(peer -> member(peer, true))
                .collect(toImmutableList()));
    Stream<Member> voters =
        configuration.getAllPeers(RaftPeerRole.FOLLOWER).stream().map(peer -> member(peer, false));
    return voters.reduce(members, Membership::with, (one, other) -> one);
  }

  /** The members by a configuration as it is written down. */
  static Membership membership(RaftConfigurationProto configuration) {
    return new Membership(
        Stream.concat(
                configuration.getPeersList().stream().map(peer -> member(peer, false)),
                configuration.getListenersList().stream().map(peer -> member(peer, true)))
            .collect(toImmutableList()));
  }

  private static Member member(RaftPeerProto peer, boolean observer) {
    return new Member(
        Integer.parseInt(peer.getId().toStringUtf8()),
        peer.getAddress(),
        peer.getClientAddress(),
        observer);
  }

  private static Member member(RaftPeer peer, boolean observer) {
    String client = peer.getClientAddress();
    return new Member(
        Integer.parseInt(peer.getId().toString()),
        peer.getAddress(),
        client == null ? "" : client,
        observer);
  }
}
