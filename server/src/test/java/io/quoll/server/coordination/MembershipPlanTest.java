package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import io.quoll.statemachine.state.Rejection;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipPlanTest {
  private static final Membership THREE =
      new Membership(ImmutableList.of(voter(1), voter(2), voter(3)));

  private static Member voter(int id) {
    return new Member(id, "host" + id + ":7281", "host" + id + ":7181", false);
  }

  private static Member role(int id, boolean observer) {
    return new Member(id, "", "", observer);
  }

  private static MembershipPlan plan(
      List<Member> joining, List<Integer> leaving, int... answering) {
    ImmutableSet.Builder<Integer> there = ImmutableSet.builder();
    for (int id : answering) {
      there.add(id);
    }
    return MembershipPlan.of(
        new MemberRequest.Change(
            ImmutableList.copyOf(joining),
            ImmutableList.copyOf(leaving),
            false,
            MemberRequest.ANY_VERSION,
            false),
        THREE,
        there.build());
  }

  private static void assertWrong(List<Member> joining, List<Integer> leaving) {
    assertThatThrownBy(() -> plan(joining, leaving, 1, 2, 3))
        .isInstanceOfSatisfying(
            Rejection.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_ARGUMENTS));
  }

  @Test
  void aServerJoins() {
    MembershipPlan plan = plan(List.of(voter(4)), List.of(), 1, 2, 3, 4);

    assertThat(plan.joining()).containsExactly(voter(4));
    assertThat(plan.notes())
        .containsExactly(
            "voters: 3 before, 4 after; a write needs 3 of them, which bears the loss of 1 server",
            "an even number of voters bears no more losses than 3 would");
  }

  @Test
  void aMemberKeepsItsAddressesWhenItsRoleChanges() {
    MembershipPlan plan = plan(List.of(role(2, true)), List.of(), 1, 2, 3);

    assertThat(plan.after().find(2)).contains(new Member(2, "host2:7281", "host2:7181", true));
    assertThat(plan.demoted()).extracting(Member::serverId).containsExactly(2);
    assertThat(plan.keepsVoter(2)).isFalse();
  }

  @Test
  void aLivingServerIsNotRemovedWhileAnotherIsDown() {
    MembershipPlan plan = plan(List.of(), List.of(1), 1, 2);

    assertThatThrownBy(plan::requireQuorum)
        .isInstanceOfSatisfying(
            Rejection.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NEW_CONFIG_NO_QUORUM))
        .hasMessageContaining("server 3 does not");
  }

  @Test
  void theServerThatIsDownIsRemoved() {
    plan(List.of(), List.of(3), 1, 2).requireQuorum();
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertWrong(List.of(), List.of(4));
    assertWrong(List.of(role(4, false)), List.of());
    assertWrong(List.of(new Member(4, "host2:7281", "", false)), List.of());
    assertWrong(List.of(new Member(2, "elsewhere:7281", "", false)), List.of());
    assertWrong(List.of(voter(256)), List.of());
    assertWrong(List.of(role(2, false)), List.of(2));
    assertWrong(List.of(), List.of(1, 2, 3));
    assertWrong(List.of(role(1, true), role(2, true), role(3, true)), List.of());
  }
}
