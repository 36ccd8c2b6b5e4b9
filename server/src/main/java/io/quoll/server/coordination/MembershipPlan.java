package io.quoll.server.coordination;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import io.quoll.statemachine.state.Rejection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From which members to which others, and what that means.
 *
 * @param before who the members are
 * @param after who they are to be
 * @param answering the numbers of those that answer, old and new
 */
@Immutable
public record MembershipPlan(Membership before, Membership after, ImmutableSet<Integer> answering) {
  /** The highest number of a server. */
  public static final int ID_MAX = 255;

  /**
   * The plan that does what is asked for.
   *
   * @throws Rejection {@code BAD_ARGUMENTS} if what is asked for makes no sense
   */
  public static MembershipPlan of(
      MemberRequest.Change request, Membership before, ImmutableSet<Integer> answering) {
    Membership after = request.whole() ? new Membership(ImmutableList.of()) : before;
    for (int leaving : request.leaving()) {
      if (before.find(leaving).isEmpty()) {
        throw wrong("server " + leaving + " is no member");
      }
      after = after.without(leaving);
    }
    for (Member joining : request.joining()) {
      if (request.leaving().contains(joining.serverId())) {
        throw wrong("server " + joining.serverId() + " is both to join and to leave");
      }
      after = after.with(joined(joining, before));
    }
    requireDistinctAddresses(after);
    if (after.voters().isEmpty()) {
      throw wrong("no voter would be left; somebody has to vote");
    }
    return new MembershipPlan(before, after, answering);
  }

  // One that is there keeps its address: the others would not look for it elsewhere.
  private static Member joined(Member joining, Membership before) {
    if (joining.serverId() < 1 || joining.serverId() > ID_MAX) {
      throw wrong("server %d: numbers are 1 to %d".formatted(joining.serverId(), ID_MAX));
    }
    Member present = before.find(joining.serverId()).orElse(null);
    if (present == null) {
      if (joining.peerAddress().isEmpty()) {
        throw wrong("server " + joining.serverId() + " is no member, and has no address here");
      }
      return joining;
    }
    if (!joining.peerAddress().isEmpty() && !joining.peerAddress().equals(present.peerAddress())) {
      throw wrong(
          "server %d is a member at %s; to have it at %s, add that under another number and remove"
                  .formatted(present.serverId(), present.peerAddress(), joining.peerAddress())
              + " this one, or keep its name and let the name lead to the new address");
    }
    return new Member(
        present.serverId(), present.peerAddress(), present.clientAddress(), joining.observer());
  }

  private static void requireDistinctAddresses(Membership members) {
    Set<String> addresses = new HashSet<>();
    for (Member member : members.members()) {
      if (!addresses.add(member.peerAddress())) {
        throw wrong("two servers would be at " + member.peerAddress());
      }
    }
  }

  private static Rejection wrong(String detail) {
    return new Rejection(ErrorCode.BAD_ARGUMENTS, "", detail);
  }

  /** Whether the members stay as they are. */
  public boolean changesNothing() {
    return after.equals(before);
  }

  /** Those that are no members yet. */
  public ImmutableList<Member> joining() {
    return missing(after, before);
  }

  /** Those that are members no longer. */
  public ImmutableList<Member> leaving() {
    return missing(before, after);
  }

  private static ImmutableList<Member> missing(Membership of, Membership from) {
    return of.members().stream()
        .filter(member -> from.find(member.serverId()).isEmpty())
        .collect(toImmutableList());
  }

  /** Those that are voters, and are to stay as observers. */
  public ImmutableList<Member> demoted() {
    return after.members().stream()
        .filter(Member::observer)
        .filter(
            member ->
                before.find(member.serverId()).filter(former -> !former.observer()).isPresent())
        .collect(toImmutableList());
  }

  /** Whether that server votes afterwards. */
  public boolean keepsVoter(int serverId) {
    return after.find(serverId).filter(member -> !member.observer()).isPresent();
  }

  /**
   * Makes sure that a majority of the voters that there would be answers.
   *
   * @throws Rejection {@code NEW_CONFIG_NO_QUORUM}
   */
  public void requireQuorum() {
    int voters = after.voters().size();
    if (answeringVoters(after) < quorum(voters)) {
      throw new Rejection(
          ErrorCode.NEW_CONFIG_NO_QUORUM,
          "",
          "of the %d voters that there would be %d have to answer, and %d do: %s"
              .formatted(voters, quorum(voters), answeringVoters(after), silence()));
    }
  }

  private long answeringVoters(Membership members) {
    return members.voters().stream().filter(voter -> answering.contains(voter.serverId())).count();
  }

  private String silence() {
    return after.voters().stream()
            .map(Member::serverId)
            .filter(serverId -> !answering.contains(serverId))
            .map(serverId -> "server " + serverId)
            .collect(Collectors.joining(", "))
        + " does not";
  }

  private static int quorum(int voters) {
    return voters / 2 + 1;
  }

  /** What the change means, a sentence each. */
  public ImmutableList<String> notes() {
    ImmutableList.Builder<String> notes = ImmutableList.builder();
    notes.add(
        "voters: %d before, %d after; a write needs %d of them, which bears the loss of %s"
            .formatted(
                before.voters().size(),
                after.voters().size(),
                quorum(after.voters().size()),
                servers(after.voters().size() - quorum(after.voters().size()))));
    int silent = after.voters().size() - (int) answeringVoters(after);
    if (silent > 0) {
      notes.add(
          "%s; further losses that can be borne: %d"
              .formatted(silence(), answeringVoters(after) - quorum(after.voters().size())));
    }
    if (after.voters().size() % 2 == 0) {
      notes.add(
          "an even number of voters bears no more losses than %d would"
              .formatted(after.voters().size() - 1));
    }
    return notes.build();
  }

  private static String servers(int count) {
    return count == 0 ? "none" : count == 1 ? "1 server" : count + " servers";
  }
}
