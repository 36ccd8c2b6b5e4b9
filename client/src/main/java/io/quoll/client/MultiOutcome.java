package io.quoll.client;

import com.google.common.collect.ImmutableList;

/**
 * What became of a multi.
 *
 * @param committed whether its parts took place, all of them
 * @param results one for each part, in their order
 */
public record MultiOutcome(boolean committed, ImmutableList<WriteResult> results) {}
