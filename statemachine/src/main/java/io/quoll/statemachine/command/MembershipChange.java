package io.quoll.statemachine.command;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;

/**
 * What an entry of the log changes by which Raft agreed on the members: {@code /zookeeper/config},
 * in that entry itself, so that the two cannot part. Most such entries only say again who the
 * members are, and change nothing. (ADR 0023.)
 */
public final class MembershipChange {
  private MembershipChange() {}

  /**
   * What becomes of {@code committed} when the ensemble has agreed that these are its members. The
   * first members are part of how the tree begins: they take no zxid, and are no event.
   */
  public static EntryOutcome of(Membership members, StateView committed) {
    Znode config = committed.require(Genesis.CONFIG);
    ByteString before = committed.data(Genesis.CONFIG);
    boolean isFirst = committed.zxid() == 0 && (before == null || before.isEmpty());
    if (before != null && members.textAt(config.mzxid()).equals(before)) {
      return nothing(committed);
    }
    long zxid = isFirst ? 0 : committed.zxid() + 1;
    StateTransaction state = new StateTransaction(committed, zxid, committed.timeMillis());
    ByteString text = members.textAt(zxid);
    if (isFirst) {
      state.seed(Genesis.CONFIG, Znode.createdAt(0, 0, text, config.acl()), text);
    } else {
      state.setData(Genesis.CONFIG, config.withData(zxid, committed.timeMillis(), text), text);
    }
    rememberAddresses(members, state);
    Membership former = Membership.parse(before == null ? ByteString.EMPTY : before);
    for (Member member : former.members()) {
      if (members.find(member.serverId()).isEmpty()) {
        state.putServer(record(member.serverId(), state).removed());
      }
    }
    return new EntryOutcome(state, ImmutableList.of());
  }

  private static void rememberAddresses(Membership members, StateTransaction state) {
    for (Member member : members.members()) {
      ServerRecord record = record(member.serverId(), state);
      if (!record.peerAddress().equals(member.peerAddress())) {
        state.putServer(record.withPeerAddress(member.peerAddress()));
      }
    }
  }

  private static ServerRecord record(int serverId, StateView state) {
    return state.server(serverId).orElse(ServerRecord.unknown(serverId));
  }

  private static EntryOutcome nothing(StateView committed) {
    return new EntryOutcome(
        new StateTransaction(committed, committed.zxid(), committed.timeMillis()),
        ImmutableList.of());
  }
}
