package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * Who the members of the ensemble are, or would be.
 *
 * @param members in the order of their numbers
 * @param version the zxid since which they are; 0 after a dry run
 * @param notes what an operator should know of the change, a sentence each
 */
@Immutable
public record Configuration(
    ImmutableList<MemberSpec> members, long version, ImmutableList<String> notes) {}
