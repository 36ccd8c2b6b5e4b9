package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Membership.Member;

/** What an operator asks for that is about the members of the ensemble. */
public sealed interface MemberRequest {
  /** Any version of the configuration will do. */
  long ANY_VERSION = -1;

  /**
   * A change of who the members are.
   *
   * @param joining who is to be a member, or to have another role; with {@code whole} all that are
   *     to be members
   * @param leaving the numbers of those that are to be members no longer
   * @param whole whether whoever is not among {@code joining} is to leave
   * @param version the zxid of the configuration that the change is made for, or {@link
   *     #ANY_VERSION}
   * @param dryRun whether only to tell what would come of it
   */
  @Immutable
  record Change(
      ImmutableList<Member> joining,
      ImmutableList<Integer> leaving,
      boolean whole,
      long version,
      boolean dryRun)
      implements MemberRequest {}

  /** That the leadership goes to the voter {@code serverId}. */
  @Immutable
  record Transfer(int serverId) implements MemberRequest {}
}
