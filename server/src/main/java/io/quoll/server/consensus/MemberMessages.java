package io.quoll.server.consensus;

import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import io.quoll.server.coordination.MemberOutcome;
import io.quoll.server.coordination.MemberRequest;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import io.quoll.statemachine.state.Rejection;

/** The bytes of what members say to each other about who the members are. */
final class MemberMessages {
  private static final byte CHANGE = 1;
  private static final byte TRANSFER = 2;
  private static final byte DONE = 1;
  private static final byte REJECTED = 2;

  /**
   * What a server tells of itself.
   *
   * @param clusterName its ensemble
   * @param serverId its number
   * @param leaderId the leader that it knows of, or 0
   * @param index the index of the log entry that says who the members are, or -1
   * @param members the members by that entry
   */
  record Profile(String clusterName, int serverId, int leaderId, long index, Membership members) {}

  /**
   * A request on its way to the leader.
   *
   * @param again whether it was sent before, so that it may have been done
   */
  record Asked(MemberRequest request, boolean again) {}

  private MemberMessages() {}

  static byte[] encode(Profile profile) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeUTF(profile.clusterName());
    out.writeInt(profile.serverId());
    out.writeInt(profile.leaderId());
    out.writeLong(profile.index());
    write(profile.members(), out);
    return out.toByteArray();
  }

  static Profile decodeProfile(byte[] bytes) {
    ByteArrayDataInput in = ByteStreams.newDataInput(bytes);
    return new Profile(in.readUTF(), in.readInt(), in.readInt(), in.readLong(), readMembership(in));
  }

  static byte[] encode(Asked asked) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeBoolean(asked.again());
    if (asked.request() instanceof MemberRequest.Transfer transfer) {
      out.writeByte(TRANSFER);
      out.writeInt(transfer.serverId());
    } else if (asked.request() instanceof MemberRequest.Change change) {
      out.writeByte(CHANGE);
      write(new Membership(change.joining()), out);
      out.writeInt(change.leaving().size());
      change.leaving().forEach(out::writeInt);
      out.writeBoolean(change.whole());
      out.writeLong(change.version());
      out.writeBoolean(change.dryRun());
    }
    return out.toByteArray();
  }

  static Asked decodeAsked(byte[] bytes) {
    ByteArrayDataInput in = ByteStreams.newDataInput(bytes);
    boolean again = in.readBoolean();
    if (in.readByte() == TRANSFER) {
      return new Asked(new MemberRequest.Transfer(in.readInt()), again);
    }
    ImmutableList<Member> joining = readMembership(in).members();
    ImmutableList.Builder<Integer> leaving = ImmutableList.builder();
    for (int left = in.readInt(); left > 0; left--) {
      leaving.add(in.readInt());
    }
    return new Asked(
        new MemberRequest.Change(
            joining, leaving.build(), in.readBoolean(), in.readLong(), in.readBoolean()),
        again);
  }

  static byte[] encode(MemberOutcome outcome) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeByte(DONE);
    write(outcome.members(), out);
    out.writeLong(outcome.version());
    out.writeInt(outcome.notes().size());
    outcome.notes().forEach(out::writeUTF);
    return out.toByteArray();
  }

  static byte[] encode(Rejection rejection) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeByte(REJECTED);
    out.writeInt(rejection.code().number());
    out.writeUTF(rejection.detail());
    return out.toByteArray();
  }

  /**
   * What came of a request.
   *
   * @throws Rejection if it was refused
   */
  static MemberOutcome decodeOutcome(byte[] bytes) {
    ByteArrayDataInput in = ByteStreams.newDataInput(bytes);
    if (in.readByte() == REJECTED) {
      throw new Rejection(
          ErrorCode.ofNumber(in.readInt()).orElse(ErrorCode.BAD_ARGUMENTS), "", in.readUTF());
    }
    Membership members = readMembership(in);
    long version = in.readLong();
    ImmutableList.Builder<String> notes = ImmutableList.builder();
    for (int left = in.readInt(); left > 0; left--) {
      notes.add(in.readUTF());
    }
    return new MemberOutcome(members, version, notes.build());
  }

  private static void write(Membership members, ByteArrayDataOutput out) {
    out.writeInt(members.members().size());
    for (Member member : members.members()) {
      out.writeInt(member.serverId());
      out.writeUTF(member.peerAddress());
      out.writeUTF(member.clientAddress());
      out.writeBoolean(member.observer());
    }
  }

  private static Membership readMembership(ByteArrayDataInput in) {
    ImmutableList.Builder<Member> members = ImmutableList.builder();
    for (int left = in.readInt(); left > 0; left--) {
      members.add(new Member(in.readInt(), in.readUTF(), in.readUTF(), in.readBoolean()));
    }
    return new Membership(members.build());
  }
}
