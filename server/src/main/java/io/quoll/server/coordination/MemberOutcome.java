package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Membership;

/**
 * What came of a {@link MemberRequest}.
 *
 * @param members who the members are now, or would be after a dry run
 * @param version the zxid since which they are; 0 after a dry run
 * @param notes what an operator should know, a sentence each
 */
@Immutable
public record MemberOutcome(Membership members, long version, ImmutableList<String> notes) {}
